import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Assumer, parseTrustPolicy, trusts } from '../../../mocks/aws/sts/trust-policy.ts';

const ACCOUNT = '111122223333';
const OTHER = '999999999999';
const USER: Assumer = { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/team/ann`, roleArn: null };
const SESSION: Assumer = {
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/batch/run`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/jobs/batch`,
};
const ACTION = 'sts:AssumeRole';

const allow = (more: object) => ({ Effect: 'Allow', Principal: '*', Action: ACTION, ...more });
const isTrusted = (statements: unknown, assumer: Assumer = USER, keys: Readonly<Record<string, string>> = {}): boolean => {
  const policy = parseTrustPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  if (!policy) throw new Error('that is no policy');
  return trusts(policy, assumer, ACTION, new Map(Object.entries(keys)));
};

/** What names the assumer, and what names somebody else. */
const naming = ({ accountId, arn, roleArn }: Assumer) =>
  fc.constantFrom(accountId, `arn:aws:iam::${accountId}:root`, '*', roleArn ?? arn, arn);
const strangers = fc.oneof(
  fc.constantFrom(
    OTHER,
    `arn:aws:iam::${OTHER}:root`,
    `arn:aws:iam::${OTHER}:user/team/ann`,
    `arn:aws:iam::${ACCOUNT}:user/ann`,
    `arn:aws:iam::${ACCOUNT}:user/*`,
    `arn:aws:iam::${ACCOUNT}:role/batch`,
    `arn:aws:sts::${ACCOUNT}:assumed-role/batch/other`,
  ),
  fc.stringMatching(/^\d{12}$/).filter((id) => id !== ACCOUNT),
);
const assumers = fc.constantFrom(USER, SESSION);
const matchingActions = fc.constantFrom(ACTION, 'STS:assumerole', 'sts:*', '*', 'sts:Assume*', 'sts:AssumeRol?');
const otherActions = fc.constantFrom('sts:TagSession', 'sts:AssumeRoleWithSAML', 'iam:*', 'sts:Assume', 's3:*');
const listed = <Item>(item: fc.Arbitrary<Item>, others: fc.Arbitrary<Item>): fc.Arbitrary<Item | Item[]> =>
  fc.oneof(
    item,
    fc
      .tuple(fc.array(others, { maxLength: 3 }), item)
      .chain(([rest, one]) => fc.shuffledSubarray([...rest, one], { minLength: rest.length + 1 })),
  );

describe('a trust policy', () => {
  test('lets in whom a statement names for the action, however it names him, and whoever else it names', () => {
    fc.assert(
      fc.property(
        assumers.chain((assumer) =>
          fc.record({
            assumer: fc.constant(assumer),
            AWS: listed<string>(naming(assumer), strangers),
            Action: listed<string>(matchingActions, otherActions),
          }),
        ),
        ({ assumer, AWS, Action }) => {
          expect(isTrusted(allow({ Principal: { AWS, Service: 'ec2.amazonaws.com' }, Action }), assumer)).toBe(true);
        },
      ),
    );
  });

  test('lets in nobody whom no statement names, and nobody for another action', () => {
    fc.assert(
      fc.property(
        assumers,
        fc.array(
          fc.oneof(
            fc.record({ AWS: fc.array(strangers, { minLength: 1, maxLength: 3 }), Action: matchingActions }),
            fc.record({ AWS: fc.constant(['*']), Action: otherActions }),
          ),
          { maxLength: 4 },
        ),
        (assumer, rows) => {
          const statements = rows.map(({ AWS, Action }) => allow({ Principal: { AWS }, Action }));
          expect(isTrusted(statements, assumer)).toBe(false);
        },
      ),
    );
  });

  test('lets in nobody whom a statement denies, whatever the others allow, in any order', () => {
    fc.assert(
      fc.property(
        assumers.chain((assumer) => fc.tuple(fc.constant(assumer), naming(assumer), matchingActions)),
        fc.nat({ max: 3 }),
        fc.nat({ max: 3 }),
        ([assumer, AWS, Action], before, after) => {
          const deny = { Effect: 'Deny', Principal: { AWS }, Action };
          const allows = (count: number) => Array.from({ length: count }, () => allow({}));
          expect(isTrusted([...allows(before), deny, ...allows(after)], assumer)).toBe(false);
        },
      ),
    );
  });

  test('holds a caller to his external id, letter for letter', () => {
    const id = fc.stringMatching(/^[\w+=,.@:/-]{2,20}$/);
    fc.assert(
      fc.property(id, id, (wanted, given) => {
        const statement = allow({ Condition: { StringEquals: { 'sts:ExternalId': wanted } } });
        expect(isTrusted(statement, USER, { 'sts:externalid': wanted })).toBe(true);
        expect(isTrusted(statement, USER, { 'sts:externalid': given })).toBe(given === wanted);
        expect(isTrusted(statement, USER)).toBe(false);
      }),
    );
  });

  test.each([
    ['one of several values', { StringEquals: { 'sts:ExternalId': ['b', 'a'] } }, true],
    ['a key in any case', { StringEquals: { 'STS:externalID': 'a' } }, true],
    ['all operators', { StringEquals: { 'sts:ExternalId': 'a' }, StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::9*' } }, false],
    ['wildcards', { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::1111*:user/*/an?' } }, true],
    ['no wildcards where values are equal', { StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*' } }, false],
    ['what a value is not', { StringNotEquals: { 'sts:ExternalId': ['a', 'b'] } }, false],
    ['that a key is not another', { StringNotEquals: { 'sts:SourceIdentity': 'x' } }, true],
    ['that there is a key', { Null: { 'sts:SourceIdentity': 'false' } }, false],
    ['that there is none', { Null: { 'sts:SourceIdentity': true } }, true],
    ['a second factor', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, false],
    ['a second factor, if it is known', { BoolIfExists: { 'aws:MultiFactorAuthPresent': true } }, true],
    ['an operator that is unknown', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, false],
  ])('asks by a condition for %s', (_, Condition, expected) => {
    const keys = { 'sts:externalid': 'a', 'aws:principalarn': USER.arn };
    expect(isTrusted(allow({ Condition }), USER, keys)).toBe(expected);
  });

  test('denies where it cannot judge a condition', () => {
    const deny = { ...allow({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }), Effect: 'Deny' };
    expect(isTrusted([allow({}), deny])).toBe(false);
  });

  test.each([
    ['all but some', { Principal: undefined, NotPrincipal: { AWS: OTHER } }, true],
    ['all but the caller', { Principal: undefined, NotPrincipal: { AWS: [OTHER, USER.arn] } }, false],
    ['all actions but some', { Action: undefined, NotAction: 'sts:TagSession' }, true],
    ['all actions but this', { Action: undefined, NotAction: 'sts:*' }, false],
    ['a service alone', { Principal: { Service: 'ec2.amazonaws.com' } }, false],
    ['an identity provider alone', { Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/x` } }, false],
  ])('may name %s', (_, more, expected) => {
    expect(isTrusted([allow(more)])).toBe(expected);
  });

  test.each([
    ['no JSON', '{'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['no principal', JSON.stringify({ Statement: { Effect: 'Allow', Action: ACTION } })],
    ['a resource', JSON.stringify({ Statement: allow({ Resource: '*' }) })],
    ['an effect that is none', JSON.stringify({ Statement: allow({ Effect: 'allow' }) })],
  ])('is none with %s', (_, text) => {
    expect(parseTrustPolicy(text)).toBeNull();
  });
});
