import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteConflictException,
  DeleteUserCommand,
  EntityAlreadyExistsException,
  GetAccessKeyLastUsedCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  LimitExceededException,
  ListAccessKeysCommand,
  MalformedPolicyDocumentException,
  NoSuchEntityException,
  paginateListUsers,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EAST, mountAwsCloud, refusal, WEST } from '../../support/aws-cloud.ts';

const ROLE = 'arn:aws:iam::111122223333:role/squall-workload';
const USER = 'squall-workload';
const HOUR_MS = 3_600_000;

type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

afterEach(() => {
  vi.useRealTimers();
});

const given = async () => {
  const cloud = await mountAwsCloud();
  const withKey = (service: string, credentials?: Credentials, region = EAST) => ({
    ...cloud.options(service, region),
    ...(credentials ? { credentials } : {}),
  });
  const sts = (credentials?: Credentials, region = EAST) => new STSClient(withKey('sts', credentials, region));
  const iam = (credentials?: Credentials) => new IAMClient(withKey('iam', credentials));
  /** One call of each protocol. */
  const calls = (credentials: Credentials) => ({
    sts: () => sts(credentials).send(new GetCallerIdentityCommand({})),
    iam: () => iam(credentials).send(new GetUserCommand({ UserName: USER })),
    ec2: () => new EC2Client(withKey('ec2', credentials)).send(new DescribeInstancesCommand({})),
    sageMaker: () => new SageMakerClient(withKey('sagemaker', credentials)).send(new ListEndpointsCommand({})),
  });
  const assume = async (input: Partial<AssumeRoleCommandInput> = {}, by?: Credentials) => {
    const { Credentials: session, AssumedRoleUser } = await sts(by).send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'tests', ...input }),
    );
    const credentials = {
      accessKeyId: session?.AccessKeyId ?? '',
      secretAccessKey: session?.SecretAccessKey ?? '',
      sessionToken: session?.SessionToken ?? '',
    };
    return { credentials, endsAt: session?.Expiration, AssumedRoleUser };
  };
  const createKey = async (UserName = USER): Promise<Credentials> => {
    const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName }));
    return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  };
  return { ...cloud, sts, iam, calls, assume, createKey, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

const succeed = async (calls: Readonly<Record<string, () => Promise<unknown>>>) => {
  for (const call of Object.values(calls)) await call();
};

/** Names of what each call is refused with. */
const refusals = async (calls: Readonly<Record<string, () => Promise<unknown>>>) =>
  Object.fromEntries(
    await Promise.all(Object.entries(calls).map(async ([service, call]) => [service, (await refusal(call())).name])),
  );

const EXPIRED = { sts: 'ExpiredToken', iam: 'ExpiredToken', ec2: 'RequestExpired', sageMaker: 'ExpiredTokenException' };
const UNKNOWN = {
  sts: 'InvalidClientTokenId',
  iam: 'InvalidClientTokenId',
  ec2: 'AuthFailure',
  sageMaker: 'UnrecognizedClientException',
};

describe('@aws-sdk/client-sts, unmodified', () => {
  test('says who the caller is, in each region', async () => {
    await using aws = await given();
    for (const region of [EAST, WEST]) {
      expect(await aws.sts(undefined, region).send(new GetCallerIdentityCommand({}))).toMatchObject({
        Account: '111122223333',
        Arn: 'arn:aws:sts::111122223333:assumed-role/squall-workload/serving',
        UserId: expect.stringMatching(/^AROA[A-Z2-7]{16}:serving$/),
      });
    }
  });

  test('gives a session of a role, which signs at every service and in every region', async () => {
    await using aws = await given();
    const { credentials, endsAt, AssumedRoleUser } = await aws.assume();
    expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/squall-workload/tests');
    expect((endsAt?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(HOUR_MS);
    await succeed(aws.calls(credentials));
    const identity = await aws.sts(credentials, WEST).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(AssumedRoleUser?.Arn);
  });

  test('ends a session when its time is over', async () => {
    await using aws = await given();
    const { credentials } = await aws.assume({ DurationSeconds: 900 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 901_000 });
    expect(await refusals(aws.calls(credentials))).toEqual(EXPIRED);
  });

  test('ends all sessions that there are when tokens are expired, and gives others then', async () => {
    await using aws = await given();
    const { credentials } = await aws.assume();
    await aws.account.control({ type: 'expire-tokens' });
    expect(await refusals(aws.calls(credentials))).toEqual(EXPIRED);
    const { credentials: fresh } = await aws.assume();
    await succeed(aws.calls(fresh));
  });

  test('forgets the sessions of an identity that was revoked, and knows its replacement', async () => {
    await using aws = await given();
    const { credentials } = await aws.assume();
    await aws.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect(await refusals(aws.calls(credentials))).toEqual(UNKNOWN);
    await aws.assume();
  });

  test.each([
    [
      'a role that is not there',
      { RoleArn: `${ROLE}-2` },
      'AccessDenied',
      /not authorized to perform: sts:AssumeRole on resource: /,
    ],
    ['a session beyond an hour, of a role by a role', { DurationSeconds: 3601 }, 'ValidationError', /role chaining/],
    ['a session that is too short', { DurationSeconds: 899 }, 'ValidationError', /greater than or equal to 900/],
    ['no ARN', { RoleArn: undefined }, 'ValidationError', /Value null at 'roleArn'/],
  ])('refuses %s', async (_, input, name, message) => {
    await using aws = await given();
    expect(await refusal(aws.assume(input as { RoleArn?: string }))).toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['Policy', { Policy: '{"Version":"2012-10-17","Statement":[]}' }],
    ['PolicyArns', { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] }],
  ])('gives no session that could do more than a session policy in %s lets it', async (parameter, input) => {
    await using aws = await given();
    expect(await refusal(aws.assume(input))).toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(`The parameter ${parameter} `),
      $metadata: { httpStatusCode: 501 },
    });
    await aws.assume({ PolicyArns: [] });
  });

  test('lets nobody be denied to know who he is', async () => {
    await using aws = await given();
    await aws.account.control({ type: 'set-permission', service: 'sts', operation: '*', isAllowed: false });
    await aws.sts().send(new GetCallerIdentityCommand({}));
    expect(await refusal(aws.assume())).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`),
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('@aws-sdk/client-iam, unmodified', () => {
  test('makes a key that works, and that no longer works once it is deactivated, until it is active again', async () => {
    await using aws = await given();
    const key = await aws.createKey();
    expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    await succeed(aws.calls(key));
    const set = (Status: 'Active' | 'Inactive') =>
      aws.iam().send(new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId: key.accessKeyId, Status }));
    await set('Inactive');
    expect(await refusals(aws.calls(key))).toEqual(UNKNOWN);
    const { AccessKeyMetadata } = await aws.iam().send(new ListAccessKeysCommand({ UserName: USER }));
    expect(AccessKeyMetadata).toMatchObject([
      { UserName: USER, AccessKeyId: key.accessKeyId, Status: 'Inactive', CreateDate: expect.any(Date) },
    ]);
    await set('Active');
    await succeed(aws.calls(key));
    await aws.iam().send(new DeleteAccessKeyCommand({ UserName: USER, AccessKeyId: key.accessKeyId }));
    expect(await refusals(aws.calls(key))).toEqual(UNKNOWN);
  });

  test('takes a user for his own where none is named, and refuses a role that', async () => {
    await using aws = await given();
    const key = await aws.createKey();
    const own = await aws.iam(key).send(new ListAccessKeysCommand({}));
    expect(own.AccessKeyMetadata?.map(({ AccessKeyId }) => AccessKeyId)).toEqual([key.accessKeyId]);
    expect(await refusal(aws.iam().send(new ListAccessKeysCommand({})))).toMatchObject({
      name: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
  });

  test('lets a user have a session of his own, and a long one of a role', async () => {
    await using aws = await given();
    const key = await aws.createKey();
    const { Credentials: session } = await aws.sts(key).send(new GetSessionTokenCommand({}));
    const credentials = {
      accessKeyId: session?.AccessKeyId ?? '',
      secretAccessKey: session?.SecretAccessKey ?? '',
      sessionToken: session?.SessionToken ?? '',
    };
    const { Arn } = await aws.sts(credentials).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:iam::111122223333:user/squall-workload');
    const { endsAt } = await aws.assume({ DurationSeconds: 43_200 }, key);
    expect((endsAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(11 * HOUR_MS);
  });

  test('knows when and where a key was used last', async () => {
    await using aws = await given();
    const key = await aws.createKey();
    const lastUsed = async () =>
      (await aws.iam().send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.accessKeyId }))).AccessKeyLastUsed;
    expect(await lastUsed()).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    await aws.sts(key, WEST).send(new GetCallerIdentityCommand({}));
    expect(await lastUsed()).toMatchObject({ ServiceName: 'sts', Region: WEST, LastUsedDate: expect.any(Date) });
  });

  test('refuses in its own words', async () => {
    await using aws = await given();
    const iam = aws.iam();
    await aws.createKey();
    await aws.createKey();
    const third = await refusal(aws.createKey());
    expect(third).toBeInstanceOf(LimitExceededException);
    expect(third.$metadata.httpStatusCode).toBe(409);
    expect(await refusal(iam.send(new GetUserCommand({ UserName: 'nobody' })))).toBeInstanceOf(NoSuchEntityException);
    expect(await refusal(iam.send(new CreateUserCommand({ UserName: USER })))).toBeInstanceOf(EntityAlreadyExistsException);
    expect(await refusal(iam.send(new DeleteUserCommand({ UserName: USER })))).toBeInstanceOf(DeleteConflictException);
  });

  test('pages through users', async () => {
    await using aws = await given();
    for (let user = 0; user < 7; user += 1) await aws.iam().send(new CreateUserCommand({ UserName: `user-${user}` }));
    const pages: number[] = [];
    for await (const { Users } of paginateListUsers({ client: aws.iam(), pageSize: 3 }, {})) pages.push(Users?.length ?? 0);
    expect(pages).toEqual([3, 3, 2]);
  });

  test('makes a role that those can assume whom it trusts', async () => {
    await using aws = await given();
    const trusting = (AWS: string, more = {}) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more }],
      });
    const policy = trusting('arn:aws:iam::111122223333:root');
    const role = { RoleName: 'batch', AssumeRolePolicyDocument: policy };
    const { Role } = await aws.iam().send(new CreateRoleCommand(role));
    const RoleArn = Role?.Arn ?? '';
    const { AssumedRoleUser } = await aws.assume({ RoleArn });
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/batch/tests');
    const read = await aws.iam().send(new GetRoleCommand({ RoleName: 'batch' }));
    expect(decodeURIComponent(read.Role?.AssumeRolePolicyDocument ?? '')).toBe(policy);

    const trust = (PolicyDocument: string) =>
      aws.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'batch', PolicyDocument }));
    const denial = {
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::111122223333:assumed-role/squall-workload/serving is not authorized to perform: ' +
        'sts:AssumeRole on resource: arn:aws:iam::111122223333:role/batch',
      $metadata: { httpStatusCode: 403 },
    };
    await trust(trusting('arn:aws:iam::999999999999:root'));
    expect(await refusal(aws.assume({ RoleArn }))).toMatchObject(denial);
    await trust(trusting(ROLE));
    await aws.assume({ RoleArn });
    const key = await aws.createKey();
    expect(await refusal(aws.assume({ RoleArn }, key))).toMatchObject({ name: 'AccessDenied' });
    await trust(trusting('*', { Condition: { StringEquals: { 'sts:ExternalId': 'batch-7' } } }));
    expect(await refusal(aws.assume({ RoleArn }))).toMatchObject(denial);
    await aws.assume({ RoleArn, ExternalId: 'batch-7' });
    expect(await refusal(trust('{}'))).toBeInstanceOf(MalformedPolicyDocumentException);
  });
});
