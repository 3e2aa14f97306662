import { z } from 'zod';
import type { AwsCredential } from '../credential.ts';
import { AwsError, frontEndError } from '../errors.ts';
import type { IamRole } from '../iam/directory.ts';
import { ACCOUNT_ID } from '../identity.ts';
import type { Call, Operation } from '../serve.ts';
import { formInteger, validate } from '../wire/validation.ts';
import type { ConditionKeys } from './policy-conditions.ts';
import { type Assumer, parseTrustPolicy, trusts } from './trust-policy.ts';

const check = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> =>
  validate(schema, input, 'ValidationError');

const refuse = (message: string) => new AwsError('ValidationError', 400, { message });

/**
 * A session policy takes from what the role may do. None is carried out here, and a session without it could do more than was asked for.
 * Words ours, after S3's.
 */
const refuseSessionPolicy = ({ Policy, PolicyArns = '' }: { readonly Policy?: unknown; readonly PolicyArns?: unknown }): void => {
  // A list of none, which Query writes as an empty text, takes nothing.
  const parameter = Policy !== undefined ? 'Policy' : PolicyArns !== '' ? 'PolicyArns' : undefined;
  if (parameter === undefined) return;
  const message = `The parameter ${parameter} implies functionality that is not implemented: session policies.`;
  throw new AwsError('NotImplemented', 501, { message });
};

/** A session that a role's session gets by assuming another role is an hour long at most (IAM user guide, "role chaining", read November 2026). */
const CHAINED_LIMIT_S = 3600;

const assumeRoleInput = z.looseObject({
  RoleArn: z.string().min(20).max(2048),
  RoleSessionName: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[\w+=,.@-]*$/),
  DurationSeconds: formInteger.pipe(z.int().min(900).max(43_200)).default(3600),
  SourceIdentity: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[\w+=,.@-]*$/)
    .optional(),
  ExternalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional(),
});

const presentCredential = (credential: AwsCredential) => ({
  AccessKeyId: credential.accessKeyId,
  SecretAccessKey: credential.secretAccessKey,
  SessionToken: credential.sessionToken,
  Expiration: new Date(Math.floor((credential.expiresAtMs ?? 0) / 1000) * 1000),
});

/** Whom the caller's key belongs to, as a trust policy may name him. */
const assumerOf = ({ account, key: { principal } }: Call): Assumer => {
  const [, roleName = ''] = principal.userName === null ? principal.arn.split('/') : [];
  return { accountId: ACCOUNT_ID, arn: principal.arn, roleArn: account.iam.roles.get(roleName)?.arn ?? null };
};

/** Keys that a trust policy's conditions may ask for. Nobody here has a second factor, and no key is of another account. */
const conditionKeysOf = (input: z.output<typeof assumeRoleInput>, { arn, roleArn }: Assumer, { key }: Call): ConditionKeys =>
  new Map([
    ['sts:externalid', input.ExternalId],
    ['sts:rolesessionname', input.RoleSessionName],
    ['sts:sourceidentity', input.SourceIdentity],
    ['aws:principalarn', roleArn ?? arn],
    ['aws:principalaccount', ACCOUNT_ID],
    ['aws:principaltype', roleArn === null ? 'User' : 'AssumedRole'],
    ['aws:userid', key.principal.userId],
    ['aws:username', key.principal.userName ?? undefined],
  ]);

/** A role that is not there is answered as one that may not be assumed: STS does not tell which roles exist. */
const findTrustingRole = (input: z.output<typeof assumeRoleInput>, call: Call): IamRole => {
  const role = [...call.account.iam.roles.values()].find((each) => each.arn === input.RoleArn);
  const policy = role && parseTrustPolicy(role.trustPolicy);
  const assumer = assumerOf(call);
  if (role && policy && trusts(policy, assumer, 'sts:AssumeRole', conditionKeysOf(input, assumer, call))) return role;
  throw frontEndError(
    'AccessDeniedException',
    `User: ${assumer.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
  );
};

export const STS_OPERATIONS: Readonly<Record<string, Operation>> = {
  AssumeRole: {
    resourceOf: ({ RoleArn }) => String(RoleArn),
    run(raw, call) {
      const input = check(assumeRoleInput, raw);
      refuseSessionPolicy(raw);
      const role = findTrustingRole(input, call);
      if (input.DurationSeconds > role.maxSessionS) {
        throw refuse('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
      }
      const { principal } = call.key;
      if (principal.userName === null && input.DurationSeconds > CHAINED_LIMIT_S) {
        throw refuse('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.');
      }
      const session = call.account.iam.assume(role, input.RoleSessionName, input.DurationSeconds * 1000, principal);
      return {
        Credentials: presentCredential(session),
        AssumedRoleUser: {
          AssumedRoleId: `${role.roleId}:${input.RoleSessionName}`,
          Arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${role.roleName}/${input.RoleSessionName}`,
        },
        SourceIdentity: input.SourceIdentity,
      };
    },
  },
  GetSessionToken: {
    run(raw, { account, key }) {
      const input = check(
        z.looseObject({ DurationSeconds: formInteger.pipe(z.int().min(900).max(129_600)).default(43_200) }),
        raw,
      );
      if (key.credential.sessionToken !== undefined) {
        throw frontEndError('AccessDeniedException', 'Cannot call GetSessionToken with session credentials');
      }
      return { Credentials: presentCredential(account.iam.issueUserSession(key.principal, input.DurationSeconds * 1000)) };
    },
  },
  GetCallerIdentity: {
    run: (_input, { key }) => ({ Arn: key.principal.arn, UserId: key.principal.userId, Account: ACCOUNT_ID }),
  },
  GetAccessKeyInfo: {
    run(raw) {
      check(
        z.looseObject({
          AccessKeyId: z.string().min(16).max(128).regex(/^\w*$/),
        }),
        raw,
      );
      return { Account: ACCOUNT_ID };
    },
  },
};
