import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DetectLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  SageMakerClient,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointAsyncCommand,
  type InvokeEndpointAsyncCommandInput,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { packageRoot } from '../../../harness/package-root.ts';
import { standingBucket } from '../../../mocks/aws/s3/store.ts';
import type { ModelRuntime, Prediction } from '../../../mocks/models/runtime.ts';
import { EAST, mountAwsCloud, realModels, refusal, WEST } from '../../support/aws-cloud.ts';

const Bucket = standingBucket(EAST);
let models: ModelRuntime;

beforeAll(async () => {
  models = await realModels();
});

const given = async () => {
  const cloud = await mountAwsCloud({ models });
  const client = (region = EAST) => new S3Client({ ...cloud.options('s3', region), forcePathStyle: true });
  const read = async (Key: string, of = Bucket) => {
    const { Body } = await client().send(new GetObjectCommand({ Bucket: of, Key }));
    return Body?.transformToString() ?? '';
  };
  return { ...cloud, client, read, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('@aws-sdk/client-s3, unmodified', () => {
  test('puts, gives, describes, lists and deletes an object, under any key', async () => {
    await using s3 = await given();
    const client = s3.client();
    const Key = 'in/a + b (1)/ä’~.json';
    const { ETag } = await client.send(
      new PutObjectCommand({ Bucket, Key, Body: '{"a":1}', ContentType: 'application/json', Metadata: { origin: 'tests' } }),
    );
    expect(await s3.read(Key)).toBe('{"a":1}');
    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ETag,
      ContentLength: 7,
      ContentType: 'application/json',
      Metadata: { origin: 'tests' },
      LastModified: expect.any(Date),
    });
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'in/' }));
    expect(Contents).toMatchObject([{ Key, Size: 7, ETag }]);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await refusal(s3.read(Key))).toBeInstanceOf(NoSuchKey);
  });

  test('takes a body that streams', async () => {
    await using s3 = await given();
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    const half = bytes.length / 2;
    const Body = Readable.from([bytes.subarray(0, half), bytes.subarray(half)], { objectMode: false });
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: bytes.length }));
    const answer = await s3.client().send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(await answer.Body?.transformToByteArray()).toEqual(bytes);
  });

  test.each([
    ['bytes=2-4', 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-3', 'hij', 'bytes 7-9/10'],
    ['bytes=8-99', 'ij', 'bytes 8-9/10'],
    ['bytes=-99', 'abcdefghij', 'bytes 0-9/10'],
    ['lines=1-2', 'abcdefghij', undefined],
    ['bytes=4-2', 'abcdefghij', undefined],
  ])('gives the part %s of an object', async (Range, text, ContentRange) => {
    await using s3 = await given();
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'abcdefghij' }));
    const answer = await s3.client().send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
    expect(answer.ContentRange).toBe(ContentRange);
    expect(answer.$metadata.httpStatusCode).toBe(ContentRange === undefined ? 200 : 206);
    expect(await answer.Body?.transformToString()).toBe(text);
  });

  test('has no part of an object beyond its end', async () => {
    await using s3 = await given();
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'abc' }));
    const beyond = s3.client().send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=3-' }));
    expect(await refusal(beyond)).toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  test('says of what it does not do that it does not, and leaves the object as it is', async () => {
    await using s3 = await given();
    const client = s3.client();
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
    for (const command of [
      new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/k` }),
      new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [] } }),
      new ListObjectsV2Command({ Bucket, Delimiter: '/' }),
    ]) {
      expect(await refusal(client.send(command as PutObjectCommand))).toMatchObject({ name: 'NotImplemented' });
    }
    expect(await s3.read('k')).toBe('kept');
  });

  test('lists in pages, in order', async () => {
    await using s3 = await given();
    const keys = Array.from({ length: 7 }, (_, index) => `key-${index}`);
    for (const Key of keys.toReversed()) await s3.client().send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const found: (string | undefined)[][] = [];
    for await (const page of paginateListObjectsV2({ client: s3.client(), pageSize: 3 }, { Bucket })) {
      found.push((page.Contents ?? []).map(({ Key }) => Key));
    }
    expect(found).toEqual([keys.slice(0, 3), keys.slice(3, 6), keys.slice(6)]);
  });

  test('keeps a bucket in its region', async () => {
    await using s3 = await given();
    await s3.client(WEST).send(new CreateBucketCommand({ Bucket: 'western-pictures' }));
    await s3.client(WEST).send(new PutObjectCommand({ Bucket: 'western-pictures', Key: 'k', Body: 'x' }));
    expect(await refusal(s3.read('k', 'western-pictures'))).toMatchObject({ name: 'PermanentRedirect' });
    expect(await refusal(s3.read('k', 'nobodys-pictures'))).toMatchObject({ name: 'NoSuchBucket' });
    expect(await refusal(s3.client().send(new CreateBucketCommand({ Bucket: 'western-pictures' })))).toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('lets one’s own bucket be created again in us-east-1, with what is in it, and nowhere else', async () => {
    await using s3 = await given();
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }));
    await s3.client().send(new CreateBucketCommand({ Bucket }));
    expect(await s3.read('kept')).toBe('x');
    expect(await refusal(s3.client(WEST).send(new CreateBucketCommand({ Bucket: standingBucket(WEST) })))).toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('denies access to whoever does not sign', async () => {
    await using s3 = await given();
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    for (const init of [{}, { method: 'PUT', body: 'mine' }, { method: 'DELETE' }]) {
      const answer = await fetch(`${s3.originOf('s3')}/${Bucket}/k`, init);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('<Code>AccessDenied</Code><Message>Access Denied</Message>');
    }
    expect(await s3.read('k')).toBe('x');
  });

  test.each([-14, 14])('takes a clock that is %i minutes off', async (minutes) => {
    await using s3 = await given();
    const client = new S3Client({ ...s3.options('s3'), forcePathStyle: true, systemClockOffset: minutes * 60_000 });
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await s3.read('k')).toBe('x');
  });

  test.each([-16, 16])('refuses a clock that is %i minutes off', async (minutes) => {
    await using s3 = await given();
    const client = new S3Client({ ...s3.options('s3'), forcePathStyle: true, systemClockOffset: minutes * 60_000 });
    expect(await refusal(client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })))).toMatchObject({
      name: 'RequestTimeTooSkewed',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('gives Rekognition larger pictures than a request can hold, up to 15 MB', async () => {
    await using s3 = await given();
    const rekognition = new RekognitionClient(s3.options('rekognition'));
    const see = async (bytes: number) => {
      const Body = new Uint8Array(bytes);
      Body.set(readFileSync(join(packageRoot, 'mocks/models/vision/samples/7-1.png')));
      await s3.client().send(new PutObjectCommand({ Bucket, Key: 'seven.png', Body }));
      return rekognition.send(new DetectLabelsCommand({ Image: { S3Object: { Bucket, Name: 'seven.png' } }, MaxLabels: 1 }));
    };
    const MB = 1024 * 1024;
    expect((await see(6 * MB)).Labels).toMatchObject([{ Name: 'Seven' }]);
    expect(await refusal(see(15 * MB + 1))).toMatchObject({ name: 'ImageTooLargeException' });
  });

  test('gives Rekognition its pictures', async () => {
    await using s3 = await given();
    const Body = readFileSync(join(packageRoot, 'mocks/models/vision/samples/7-1.png'));
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'seven.png', Body }));
    const rekognition = new RekognitionClient(s3.options('rekognition'));
    const { Labels } = await rekognition.send(
      new DetectLabelsCommand({ Image: { S3Object: { Bucket, Name: 'seven.png' } }, MaxLabels: 1 }),
    );
    expect(Labels).toMatchObject([{ Name: 'Seven', Parents: [{ Name: 'Number' }, { Name: 'Symbol' }] }]);
    expect(Labels?.[0]?.Confidence).toBeGreaterThan(55);
  });
});

describe('an asynchronous endpoint', () => {
  const samples = loadSamples('digits').slice(0, 3);

  const withAsync = async () => {
    const s3 = await given();
    const sageMaker = new SageMakerClient(s3.options('sagemaker'));
    await sageMaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'later',
        ProductionVariants: [{ VariantName: 'v', ModelName: 'digits', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }],
        AsyncInferenceConfig: { OutputConfig: { S3OutputPath: `s3://${Bucket}/out`, S3FailurePath: `s3://${Bucket}/failed/` } },
      }),
    );
    await sageMaker.send(new CreateEndpointCommand({ EndpointName: 'later', EndpointConfigName: 'later' }));
    await waitUntilEndpointInService(
      { client: sageMaker, minDelay: 0.05, maxDelay: 0.05, maxWaitTime: 10 },
      { EndpointName: 'later' },
    );
    const runtime = new SageMakerRuntimeClient(s3.options('sagemaker-runtime'));
    const invoke = (key: string, more: Partial<InvokeEndpointAsyncCommandInput> = {}) =>
      runtime.send(
        new InvokeEndpointAsyncCommand({
          EndpointName: 'later',
          InputLocation: `s3://${Bucket}/${key}`,
          ContentType: 'application/json',
          ...more,
        }),
      );
    const put = (Key: string, Body: string) => s3.client().send(new PutObjectCommand({ Bucket, Key, Body }));
    const readUri = (uri = '') => s3.read(uri.slice(`s3://${Bucket}/`.length));
    return { ...s3, runtime, invoke, put, readUri, [Symbol.asyncDispose]: s3[Symbol.asyncDispose] };
  };

  test('answers at once, and writes what its model makes of the input', async () => {
    await using aws = await withAsync();
    await aws.put('in.json', JSON.stringify({ instances: samples.map(({ pixels }) => pixels) }));
    const { InferenceId, OutputLocation, $metadata } = await aws.invoke('in.json', { InferenceId: 'first' });
    expect($metadata.httpStatusCode).toBe(202);
    expect(InferenceId).toBe('first');
    expect(OutputLocation).toMatch(new RegExp(`^s3://${Bucket}/out/[0-9a-f-]{36}\\.out$`));
    const text = await vi.waitFor(() => aws.readUri(OutputLocation), { timeout: 5000 });
    const { predictions } = JSON.parse(text) as { readonly predictions: readonly Prediction[] };
    expect(predictions.map(({ label }) => label)).toEqual(samples.map(({ label }) => label));
  });

  test.each([
    ['its input is not there', 'nothing.json', /does not exist/],
    ['its model refuses the input', 'bad.json', /Received client error \(400\) from model/],
  ])('writes why there is no answer when %s', async (_, key, message) => {
    await using aws = await withAsync();
    await aws.put('bad.json', '{');
    const { FailureLocation } = await aws.invoke(key);
    expect(await vi.waitFor(() => aws.readUri(FailureLocation), { timeout: 5000 })).toMatch(message);
  });

  test('is invoked in no other way, and no other endpoint in its way', async () => {
    await using aws = await withAsync();
    const call = new InvokeEndpointCommand({ EndpointName: 'later', ContentType: 'application/json', Body: '{}' });
    expect(await refusal(aws.runtime.send(call))).toMatchObject({ name: 'ValidationError' });
    expect(await refusal(aws.invoke('in.json', { EndpointName: 'digits' }))).toMatchObject({ name: 'ValidationError' });
    expect(await refusal(aws.invoke('in.json', { InputLocation: 'https://elsewhere/in.json' }))).toMatchObject({
      name: 'ValidationError',
    });
  });
});
