import { z } from 'zod';
import { areConditionsMet, type ConditionKeys, conditionSchema } from './policy-conditions.ts';
import { wildcardPattern } from './wildcard.ts';

/** Who asks to assume a role. */
export interface Assumer {
  readonly accountId: string;
  /** Of a user, or of a role's session. */
  readonly arn: string;
  /** Of the role whose session it is; null for a user. */
  readonly roleArn: string | null;
}

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === 'string' ? [value] : value));
const principals = z.union([z.literal('*'), z.partialRecord(z.enum(['AWS', 'Service', 'Federated', 'CanonicalUser']), texts)]);

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principals.optional(),
    NotPrincipal: principals.optional(),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Condition: conditionSchema.default({}),
  })
  .refine(({ Principal, NotPrincipal }) => (Principal === undefined) !== (NotPrincipal === undefined))
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined));

const policySchema = z.looseObject({
  Version: z.enum(['2008-10-17', '2012-10-17']).optional(),
  Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]),
});

type Statement = z.output<typeof statementSchema>;
type Principals = z.output<typeof principals>;

/** A role's `AssumeRolePolicyDocument`, read. */
export type TrustPolicy = z.output<typeof policySchema>;

/** @returns null for what is no such policy */
export const parseTrustPolicy = (text: string): TrustPolicy | null => {
  try {
    return policySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** Actions have wildcards, and no case. */
const matchesAction = (pattern: string, action: string): boolean => wildcardPattern(pattern, 'i').test(action);

/** An account, by its number or as its root, stands for all in it; a role for each of its sessions. No ARN has wildcards here. */
const namesAssumer = (name: string, { accountId, arn, roleArn }: Assumer): boolean =>
  name === '*' || name === accountId || name === `arn:aws:iam::${accountId}:root` || name === arn || name === roleArn;

/** Services and identity providers are nobody who signs with a key of the account. */
const includes = (named: Principals, assumer: Assumer): boolean =>
  named === '*' || (named.AWS ?? []).some((name) => namesAssumer(name, assumer));

const applies = (statement: Statement, assumer: Assumer, action: string, keys: ConditionKeys): boolean => {
  const { Effect, Principal, NotPrincipal, Action, NotAction, Condition } = statement;
  const isNamed = Principal === undefined ? !includes(NotPrincipal ?? {}, assumer) : includes(Principal, assumer);
  const isAction =
    Action === undefined
      ? !(NotAction ?? []).some((each) => matchesAction(each, action))
      : Action.some((each) => matchesAction(each, action));
  // What cannot be judged must open no door: such a condition keeps an Allow from applying, and no Deny.
  return isNamed && isAction && areConditionsMet(Condition, keys, Effect === 'Deny');
};

/**
 * Whether a role trusts a caller: some statement allows it, and none denies it.
 * As the IAM user guide has it ("Policy evaluation logic", "AWS JSON policy elements"; read November 2026 in its edition of 2021).
 * @param action e.g. `sts:AssumeRole`
 */
export const trusts = ({ Statement }: TrustPolicy, assumer: Assumer, action: string, keys: ConditionKeys): boolean => {
  const effects = Statement.filter((each) => applies(each, assumer, action, keys)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
};
