import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Containers, openContainers } from '../../../harness/containers/containers.ts';
import { LOCALSTACK_PORT, localStackKind, localStackSpec } from '../../../harness/containers/localstack.ts';
import { missingForContainers } from '../../support/containers.ts';

const missing = await missingForContainers('localstack');

describe.skipIf(missing)(`LocalStack as a container${missing ? ` (${missing})` : ''}`, { timeout: 60_000 }, () => {
  let containers: Containers;
  let client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

  beforeAll(async () => {
    containers = await openContainers();
    const spec = localStackSpec({ services: ['s3', 'sqs', 'sts', 'kms', 'secretsmanager'] });
    const localStack = await containers.start(spec, localStackKind);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = { endpoint: `http://127.0.0.1:${localStack.hostPort(LOCALSTACK_PORT)}`, region: 'eu-west-1', credentials };
  }, 150_000);
  afterAll(() => containers?.close(), 60_000);

  it('keeps objects in S3', async () => {
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    await s3.send(
      new CreateBucketCommand({ Bucket: 'artifacts', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'model', Body: 'weights' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'model' }));
    expect(await Body!.transformToString()).toBe('weights');
  });

  it('keeps jobs in SQS, whose URL leads back by the way that the caller came', async () => {
    const sqs = new SQSClient(client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    expect(QueueUrl).toContain(client.endpoint);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a job' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['a job']);
  });

  it('says by STS who calls', async () => {
    const { Account } = await new STSClient(client).send(new GetCallerIdentityCommand({}));
    expect(Account).toBe('000000000000');
  });

  it('encrypts by KMS', async () => {
    const kms = new KMSClient(client);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: KeyMetadata!.KeyId, Plaintext: Buffer.from('plain') }));
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!).toString()).toBe('plain');
  });

  it('keeps secrets', async () => {
    const secrets = new SecretsManagerClient(client);
    await secrets.send(new CreateSecretCommand({ Name: 'key', SecretString: 'of a test' }));
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: 'key' }))).SecretString).toBe('of a test');
  });
});
