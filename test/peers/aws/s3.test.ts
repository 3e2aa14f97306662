import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DetectLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
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
      new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: [] } }),
      new GetBucketAclCommand({ Bucket }),
    ]) {
      expect(await refusal(client.send(command as PutObjectCommand))).toMatchObject({ name: 'NotImplemented' });
    }
    expect(await s3.read('k')).toBe('kept');
  });

  test('copies objects, with what is known of them or with something else, and none onto itself unchanged', async () => {
    await using s3 = await given();
    const client = s3.client();
    const source = { Bucket, Key: 'a + ä', Body: 'x', ContentType: 'text/x', Metadata: { of: 'a' } };
    await client.send(new PutObjectCommand(source));
    const CopySource = `${Bucket}/${encodeURIComponent('a + ä')}`;
    const { CopyObjectResult } = await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    const copied = { ContentType: 'text/x', Metadata: { of: 'a' }, ETag: CopyObjectResult?.ETag };
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject(copied);
    const itself = { Bucket, Key: 'a + ä', CopySource };
    expect(await refusal(client.send(new CopyObjectCommand(itself)))).toMatchObject({ name: 'InvalidRequest' });
    await client.send(new CopyObjectCommand({ ...itself, MetadataDirective: 'REPLACE', ContentType: 'text/y' }));
    const { ContentType, Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: 'a + ä' }));
    expect([ContentType, Metadata]).toEqual(['text/y', {}]);
    const missing = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/nothing` });
    expect(await refusal(client.send(missing))).toBeInstanceOf(NoSuchKey);
    await s3.account.control({ type: 'set-permission', service: 's3', operation: 'GetObject', isAllowed: false });
    expect(await refusal(client.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource })))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::'),
    });
  });

  test('lists the buckets of all regions, and knows where each is', async () => {
    await using s3 = await given();
    const client = s3.client();
    const { Buckets, Owner } = await client.send(new ListBucketsCommand({}));
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect(Buckets?.map(({ Name }) => Name)).toEqual([standingBucket(WEST), standingBucket(EAST)]);
    expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date);
    const page = await client.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    expect(page).toMatchObject({ Buckets: [{ BucketRegion: WEST }], ContinuationToken: expect.any(String) });
    const rest = await client.send(new ListBucketsCommand({ ContinuationToken: page.ContinuationToken }));
    expect(rest.Buckets).toMatchObject([{ BucketRegion: EAST }]);
    expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: EAST });
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: standingBucket(WEST) }));
    expect(LocationConstraint).toBe(WEST);
    const notThere = await refusal(client.send(new HeadBucketCommand({ Bucket: 'nobodys-pictures' })));
    expect(notThere).toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
  });

  test('deletes many objects at once, and a bucket once it is empty', async () => {
    await using s3 = await given();
    const client = s3.client();
    const keys = ['a', 'b/ä & <c>', 'd'];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    expect(await refusal(client.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({ name: 'BucketNotEmpty' });
    const Objects = [...keys, 'nothing'].map((Key) => ({ Key }));
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'nothing']);
    expect(Errors).toBeUndefined();
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusal(client.send(new ListObjectsV2Command({ Bucket })))).toMatchObject({ name: 'NoSuchBucket' });
  });

  test.each([undefined, 'url' as const])('lists folders, in both versions of the list, encoded by %s', async (EncodingType) => {
    await using s3 = await given();
    const client = s3.client();
    for (const Key of ['a/1', 'a/2', 'b c/3', 'b c/d/4', 'é'])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const shown = (text = '') => (EncodingType === 'url' ? decodeURIComponent(text.replaceAll('+', ' ')) : text);
    const input = { Bucket, Delimiter: '/', MaxKeys: 2, EncodingType };
    const first = await client.send(new ListObjectsV2Command(input));
    expect(first.CommonPrefixes?.map(({ Prefix }) => shown(Prefix))).toEqual(['a/', 'b c/']);
    expect([first.KeyCount, first.IsTruncated, first.Contents]).toEqual([2, true, undefined]);
    const rest = await client.send(new ListObjectsV2Command({ ...input, ContinuationToken: first.NextContinuationToken }));
    expect([rest.Contents?.map(({ Key }) => shown(Key)), rest.CommonPrefixes]).toEqual([['é'], undefined]);

    const old = await client.send(new ListObjectsCommand(input));
    expect([old.CommonPrefixes?.length, shown(old.NextMarker)]).toEqual([2, 'b c/']);
    const later = await client.send(new ListObjectsCommand({ ...input, Marker: shown(old.NextMarker) }));
    expect([later.Contents?.map(({ Key }) => shown(Key)), later.IsTruncated]).toEqual([['é'], false]);
    const inside = await client.send(new ListObjectsCommand({ ...input, Prefix: 'b c/' }));
    expect(inside).toMatchObject({ Contents: [{ Owner: { ID: expect.any(String) } }], CommonPrefixes: [{}] });
    const odd = new ListObjectsV2Command({ Bucket, ContinuationToken: '%' });
    expect(await refusal(client.send(odd))).toMatchObject({ name: 'InvalidArgument' });
  });

  test('reads and writes under conditions', async () => {
    await using s3 = await given();
    const client = s3.client();
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'a', IfNoneMatch: '*' }));
    const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    const put = (more: object) => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'b', ...more }));
    const get = (more: object) => client.send(new GetObjectCommand({ Bucket, Key: 'k', ...more }));
    expect(await refusal(put({ IfNoneMatch: '*' }))).toMatchObject(failed);
    expect(await refusal(put({ IfMatch: '"another"' }))).toMatchObject(failed);
    expect(await refusal(get({ IfMatch: '"another"' }))).toMatchObject(failed);
    expect((await refusal(get({ IfNoneMatch: ETag }))).$metadata.httpStatusCode).toBe(304);
    expect((await refusal(get({ IfModifiedSince: new Date() }))).$metadata.httpStatusCode).toBe(304);
    expect(await refusal(get({ IfUnmodifiedSince: new Date(0) }))).toMatchObject(failed);
    await get({ IfMatch: ETag });
    await put({ IfMatch: ETag });
    expect(await s3.read('k')).toBe('b');
  });

  test('refuses a body that is not the one of its check sum', async () => {
    await using s3 = await given();
    const put = (ContentMD5: string) => s3.client().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'a', ContentMD5 }));
    await put('DMF1ucDxtqgxw5niaXcmYQ==');
    expect(await refusal(put('AAAAAAAAAAAAAAAAAAAAAA=='))).toMatchObject({ name: 'BadDigest' });
    expect(await refusal(put('x'))).toMatchObject({ name: 'InvalidDigest' });
  });

  test('refuses credentials in words of its own', async () => {
    await using s3 = await given();
    const { credentials } = s3.options('s3');
    const list = (more: object) =>
      refusal(new S3Client({ ...s3.options('s3'), forcePathStyle: true, ...more }).send(new ListBucketsCommand({})));
    expect(await list({ credentials: { ...credentials, sessionToken: 'another' } })).toMatchObject({
      name: 'InvalidToken',
      message: 'The provided token is malformed or otherwise invalid.',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await list({ credentials: { ...credentials, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } })).toMatchObject({
      name: 'InvalidAccessKeyId',
      AWSAccessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      $metadata: { httpStatusCode: 403 },
    });
    expect(await list({ credentials: { ...credentials, secretAccessKey: 'guessed' } })).toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringMatching(/Check your key and signing method\.$/),
    });
    expect(await list({ region: WEST })).toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      message: `The authorization header is malformed; the region '${WEST}' is wrong; expecting '${EAST}'`,
      Region: EAST,
      $metadata: { httpStatusCode: 400 },
    });
    await s3.account.control({ type: 'set-quota', service: 's3', region: '*', requestsPerS: 0.001 });
    await s3.client().send(new ListBucketsCommand({}));
    expect(await list({})).toMatchObject({ name: 'SlowDown', message: 'Please reduce your request rate.' });
    await s3.account.control({ type: 'expire-tokens' });
    expect(await list({ credentials })).toMatchObject({
      name: 'ExpiredToken',
      message: 'The provided token has expired.',
      $metadata: { httpStatusCode: 400 },
    });
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
