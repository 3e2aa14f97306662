import { z } from 'zod';
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID } from '../identity.ts';
import type { Call, Operation } from '../serve.ts';
import { parseTrustPolicy } from '../sts/trust-policy.ts';
import { formInteger, validate } from '../wire/validation.ts';
import type { IamDirectory, IamRole, IamUser, UserKey } from './directory.ts';

/** Access keys of one user, and users of one account (IAM user guide, "IAM and AWS STS quotas", read November 2026). */
const KEYS_PER_USER = 2;
const USERS_PER_ACCOUNT = 5000;

const check = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> =>
  validate(schema, input, 'ValidationError');

const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', 404, { message });
const exists = (message: string) => new AwsError('EntityAlreadyExists', 409, { message });
const limitExceeded = (message: string) => new AwsError('LimitExceeded', 409, { message });

const NAME = /^[\w+=,.@-]+$/;

const newName = z.string().min(1).max(64).regex(NAME);
const existingName = z.string().min(1).max(128).regex(NAME);
const keyId = z.string().min(16).max(128).regex(/^\w+$/);
const path = z
  .string()
  .max(512)
  .regex(/^\/(?:[\u0021-\u007E]+\/)?$/)
  .default('/');
const policyDocument = z.string().min(1).max(131_072);
const page = {
  MaxItems: formInteger.pipe(z.int().min(1).max(1000)).default(100),
  Marker: z.string().min(1).optional(),
  PathPrefix: z.string().max(512).default('/'),
};

const findUser = ({ users }: IamDirectory, userName: string): IamUser => {
  const user = users.get(userName);
  if (!user) throw noSuchEntity(`The user with name ${userName} cannot be found.`);
  return user;
};

const findRole = ({ roles }: IamDirectory, roleName: string): IamRole => {
  const role = roles.get(roleName);
  if (!role) throw noSuchEntity(`The role with name ${roleName} cannot be found.`);
  return role;
};

/** Without a name the caller's own user is meant, and a role's session has none. */
const userNameOf = ({ key }: Call, given: string | undefined): string => {
  const name = given ?? key.principal.userName;
  if (name !== null) return name;
  throw new AwsError('ValidationError', 400, { message: 'Must specify userName when calling with non-User credentials' });
};

const findKey = ({ keys }: IamDirectory, accessKeyId: string, userName: string | undefined): UserKey => {
  const key = keys.get(accessKeyId);
  if (!key || (userName !== undefined && key.userName !== userName)) {
    throw noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
  }
  return key;
};

const presentUser = ({ path: Path, userName, userId, arn, createdAt }: IamUser) => ({
  Path,
  UserName: userName,
  UserId: userId,
  Arn: arn,
  CreateDate: createdAt,
});

const presentRole = (role: IamRole) => ({
  Path: role.path,
  RoleName: role.roleName,
  RoleId: role.roleId,
  Arn: role.arn,
  CreateDate: role.createdAt,
  // Percent-encoded, as RFC 3986 has it: so the API gives policies.
  AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
  Description: role.description,
  MaxSessionDuration: role.maxSessionS,
});

const malformedPolicy = (message: string) => new AwsError('MalformedPolicyDocument', 400, { message });

/** @throws {AwsError} `MalformedPolicyDocument`, in words that IAM's clients know */
const checkTrustPolicy = (text: string): void => {
  if (parseTrustPolicy(text)) return;
  try {
    JSON.parse(text);
  } catch {
    throw malformedPolicy('This policy contains invalid Json');
  }
  throw malformedPolicy('Syntax errors in policy.');
};

const statusOf = ({ isActive }: UserKey): string => (isActive ? 'Active' : 'Inactive');

/** One page; its marker is where the next one begins. @throws {AwsError} `ValidationError` */
const pageOf = <Item>(items: readonly Item[], MaxItems: number, Marker: string | undefined) => {
  const start = Marker === undefined ? 0 : Number(/^from-(\d{1,6})$/.exec(Marker)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new AwsError('ValidationError', 400, { message: 'Invalid Marker.' });
  const end = start + MaxItems;
  const isTruncated = end < items.length;
  return { items: items.slice(start, end), rest: { IsTruncated: isTruncated, Marker: isTruncated ? `from-${end}` : undefined } };
};

const onUser = (run: Operation['run']): Operation => ({
  resourceOf: ({ UserName }, { key }) =>
    `arn:aws:iam::${ACCOUNT_ID}:user/${typeof UserName === 'string' ? UserName : (key.principal.userName ?? '*')}`,
  run,
});

const onRole = (run: Operation['run']): Operation => ({
  resourceOf: ({ RoleName }) => `arn:aws:iam::${ACCOUNT_ID}:role/${typeof RoleName === 'string' ? RoleName : '*'}`,
  run,
});

export const IAM_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateUser: onUser((raw, { account: { iam } }) => {
    const { UserName, Path } = check(z.looseObject({ UserName: newName, Path: path }), raw);
    if (iam.users.has(UserName)) throw exists(`User with name ${UserName} already exists.`);
    if (iam.users.size >= USERS_PER_ACCOUNT) throw limitExceeded(`Cannot exceed quota for UsersPerAccount: ${USERS_PER_ACCOUNT}`);
    return { User: presentUser(iam.createUser(UserName, Path)) };
  }),
  GetUser: onUser((raw, call) => {
    const { UserName } = check(z.looseObject({ UserName: existingName.optional() }), raw);
    return { User: presentUser(findUser(call.account.iam, userNameOf(call, UserName))) };
  }),
  ListUsers: onUser((raw, { account: { iam } }) => {
    const { MaxItems, Marker, PathPrefix } = check(z.looseObject(page), raw);
    const users = [...iam.users.values()].filter((user) => user.path.startsWith(PathPrefix));
    const { items, rest } = pageOf(users, MaxItems, Marker);
    return { Users: items.map(presentUser), ...rest };
  }),
  DeleteUser: onUser((raw, { account: { iam } }) => {
    const { UserName } = check(z.looseObject({ UserName: existingName }), raw);
    findUser(iam, UserName);
    if ([...iam.keys.values()].some((key) => key.userName === UserName)) {
      throw new AwsError('DeleteConflict', 409, { message: 'Cannot delete entity, must delete access keys first.' });
    }
    iam.users.delete(UserName);
    return undefined;
  }),

  CreateAccessKey: onUser((raw, call) => {
    const { UserName } = check(z.looseObject({ UserName: existingName.optional() }), raw);
    const { iam } = call.account;
    const { userName } = findUser(iam, userNameOf(call, UserName));
    const theirs = [...iam.keys.values()].filter((key) => key.userName === userName);
    if (theirs.length >= KEYS_PER_USER) throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`);
    const key = iam.createKey(userName);
    return {
      AccessKey: {
        UserName: userName,
        AccessKeyId: key.credential.accessKeyId,
        Status: statusOf(key),
        SecretAccessKey: key.credential.secretAccessKey,
        CreateDate: key.createdAt,
      },
    };
  }),
  ListAccessKeys: onUser((raw, call) => {
    const { UserName, MaxItems, Marker } = check(z.looseObject({ UserName: existingName.optional(), ...page }), raw);
    const { iam } = call.account;
    const { userName } = findUser(iam, userNameOf(call, UserName));
    const theirs = [...iam.keys.values()].filter((key) => key.userName === userName);
    const { items, rest } = pageOf(theirs, MaxItems, Marker);
    const AccessKeyMetadata = items.map((key) => ({
      UserName: userName,
      AccessKeyId: key.credential.accessKeyId,
      Status: statusOf(key),
      CreateDate: key.createdAt,
    }));
    return { AccessKeyMetadata, ...rest };
  }),
  UpdateAccessKey: onUser((raw, { account: { iam } }) => {
    const input = check(
      z.looseObject({ AccessKeyId: keyId, Status: z.enum(['Active', 'Inactive']), UserName: existingName.optional() }),
      raw,
    );
    findKey(iam, input.AccessKeyId, input.UserName).isActive = input.Status === 'Active';
    return undefined;
  }),
  DeleteAccessKey: onUser((raw, { account: { iam } }) => {
    const { AccessKeyId, UserName } = check(z.looseObject({ AccessKeyId: keyId, UserName: existingName.optional() }), raw);
    findKey(iam, AccessKeyId, UserName);
    iam.keys.delete(AccessKeyId);
    return undefined;
  }),
  GetAccessKeyLastUsed: onUser((raw, { account: { iam } }) => {
    const { AccessKeyId } = check(z.looseObject({ AccessKeyId: keyId }), raw);
    const { userName, lastUsed } = findKey(iam, AccessKeyId, undefined);
    return {
      UserName: userName,
      AccessKeyLastUsed: {
        LastUsedDate: lastUsed?.at,
        ServiceName: lastUsed?.service ?? 'N/A',
        Region: lastUsed?.region ?? 'N/A',
      },
    };
  }),

  CreateRole: onRole((raw, { account: { iam } }) => {
    const input = check(
      z.looseObject({
        RoleName: newName,
        Path: path,
        AssumeRolePolicyDocument: policyDocument,
        Description: z.string().max(1000).optional(),
        MaxSessionDuration: formInteger.pipe(z.int().min(3600).max(43_200)).default(3600),
      }),
      raw,
    );
    if (iam.roles.has(input.RoleName)) throw exists(`Role with name ${input.RoleName} already exists.`);
    checkTrustPolicy(input.AssumeRolePolicyDocument);
    const role = iam.createRole({
      roleName: input.RoleName,
      path: input.Path,
      trustPolicy: input.AssumeRolePolicyDocument,
      description: input.Description,
      maxSessionS: input.MaxSessionDuration,
    });
    return { Role: presentRole(role) };
  }),
  GetRole: onRole((raw, { account: { iam } }) => {
    const { RoleName } = check(z.looseObject({ RoleName: newName }), raw);
    return { Role: presentRole(findRole(iam, RoleName)) };
  }),
  ListRoles: onRole((raw, { account: { iam } }) => {
    const { MaxItems, Marker, PathPrefix } = check(z.looseObject(page), raw);
    const roles = [...iam.roles.values()].filter((role) => role.path.startsWith(PathPrefix));
    const { items, rest } = pageOf(roles, MaxItems, Marker);
    return { Roles: items.map(presentRole), ...rest };
  }),
  UpdateAssumeRolePolicy: onRole((raw, { account: { iam } }) => {
    const { RoleName, PolicyDocument } = check(z.looseObject({ RoleName: newName, PolicyDocument: policyDocument }), raw);
    const role = findRole(iam, RoleName);
    checkTrustPolicy(PolicyDocument);
    iam.roles.set(RoleName, { ...role, trustPolicy: PolicyDocument });
    return undefined;
  }),
  DeleteRole: onRole((raw, { account: { iam } }) => {
    const { RoleName } = check(z.looseObject({ RoleName: newName }), raw);
    findRole(iam, RoleName);
    iam.roles.delete(RoleName);
    return undefined;
  }),
};
