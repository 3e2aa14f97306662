import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  NoSuchUpload,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { standingBucket } from '../../../mocks/aws/s3/store.ts';
import { EAST, mountAwsCloud, refusal } from '../../support/aws-cloud.ts';

const Bucket = standingBucket(EAST);
const Key = 'models/large é.bin';
const MIN_PART_BYTES = 5 * 1024 * 1024;

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
const filled = (length: number, seed: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 251);

const given = async () => {
  const cloud = await mountAwsCloud();
  const client = new S3Client({ ...cloud.options('s3'), forcePathStyle: true });
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'model/x', Metadata: { of: 'digits' } }),
  );
  const target = { Bucket, Key, UploadId };
  const upload = async (PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await client.send(new UploadPartCommand({ ...target, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = (Parts: CompletedPart[]) =>
    client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }));
  return { ...cloud, client, target, upload, complete, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('an upload in parts', () => {
  test('is an object once it is complete: its parts in the order of their numbers, and a tag of theirs', async () => {
    await using s3 = await given();
    const [first, last] = [filled(MIN_PART_BYTES, 1), filled(1000, 2)];
    const [second, one] = await Promise.all([s3.upload(7, last), s3.upload(1, first)]);
    expect((await s3.client.send(new ListObjectsV2Command({ Bucket }))).Contents).toBeUndefined();
    const { ETag } = await s3.complete([one, second]);
    expect(ETag).toBe(`"${md5(Buffer.concat([md5(first), md5(last)])).toString('hex')}-2"`);
    expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ETag,
      ContentLength: MIN_PART_BYTES + 1000,
      ContentType: 'model/x',
      Metadata: { of: 'digits' },
    });
    const { Body } = await s3.client.send(
      new GetObjectCommand({ Bucket, Key, Range: `bytes=${MIN_PART_BYTES - 3}-`, IfMatch: ETag }),
    );
    expect(await Body?.transformToByteArray()).toEqual(Uint8Array.from([...first.subarray(-3), ...last]));
  });

  test('takes the last of the parts that were sent under a number, and of the parts those that are named', async () => {
    await using s3 = await given();
    await s3.upload(2, filled(10, 1));
    await s3.upload(3, filled(10, 3));
    const again = await s3.upload(2, filled(10, 2));
    expect(again.ETag).toBe(`"${md5(filled(10, 2)).toString('hex')}"`);
    await s3.complete([again]);
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToByteArray()).toEqual(filled(10, 2));
  });

  test('is read part by part, with how many there are, and no further', async () => {
    await using s3 = await given();
    const contents = [filled(MIN_PART_BYTES, 1), filled(1000, 2)];
    const parts = [await s3.upload(1, filled(MIN_PART_BYTES, 1)), await s3.upload(2, filled(1000, 2))];
    await s3.complete(parts);
    const size = MIN_PART_BYTES + 1000;
    const ranges = [`bytes 0-${MIN_PART_BYTES - 1}/${size}`, `bytes ${MIN_PART_BYTES}-${size - 1}/${size}`];
    for (const [index, content] of contents.entries()) {
      const part = { Bucket, Key, PartNumber: index + 1 };
      const told = {
        ContentRange: ranges[index],
        ContentLength: content.length,
        PartsCount: 2,
        $metadata: { httpStatusCode: 206 },
      };
      expect(await s3.client.send(new HeadObjectCommand(part))).toMatchObject(told);
      const { Body, ...rest } = await s3.client.send(new GetObjectCommand(part));
      expect(rest).toMatchObject(told);
      expect(Buffer.compare((await Body?.transformToByteArray()) ?? new Uint8Array(), content)).toBe(0);
    }
    const refused = (more: object) => refusal(s3.client.send(new GetObjectCommand({ Bucket, Key, ...more })));
    expect(await refused({ PartNumber: 3 })).toMatchObject({
      name: 'InvalidPartNumber',
      message: 'The requested partnumber is not satisfiable',
      $metadata: { httpStatusCode: 416 },
    });
    expect((await refused({ PartNumber: 0 })).name).toBe('InvalidArgument');
    expect((await refused({ PartNumber: 1, Range: 'bytes=0-1' })).name).toBe('InvalidRequest');
    const head = await refusal(s3.client.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 3 })));
    expect(head.$metadata.httpStatusCode).toBe(416);
  });

  test('is what an object in one piece was not: that has one part, itself, and no count of parts', async () => {
    await using s3 = await given();
    await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'abc' }));
    const { Body, ...rest } = await s3.client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 1 }));
    expect(await Body?.transformToString()).toBe('abc');
    expect(rest).toMatchObject({ ContentRange: 'bytes 0-2/3', $metadata: { httpStatusCode: 206 } });
    expect(rest.PartsCount).toBeUndefined();
    const beyond = await refusal(s3.client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 })));
    expect(beyond.name).toBe('InvalidPartNumber');
    await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: new Uint8Array() }));
    const empty = await s3.client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 1 }));
    expect(empty).toMatchObject({ ContentLength: 0, $metadata: { httpStatusCode: 200 } });
  });

  test('lists its parts in pages', async () => {
    await using s3 = await given();
    for (const PartNumber of [3, 1, 2]) await s3.upload(PartNumber, filled(PartNumber, 0));
    const first = await s3.client.send(new ListPartsCommand({ ...s3.target, MaxParts: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 1 }, { PartNumber: 2 }] });
    const rest = await s3.client.send(new ListPartsCommand({ ...s3.target, PartNumberMarker: first.NextPartNumberMarker }));
    expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 3, Size: 3 }] });
  });

  test('takes a part from an object that is there', async () => {
    await using s3 = await given();
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: 'abcdefghij' }));
    const { CopyPartResult } = await s3.client.send(
      new UploadPartCopyCommand({ ...s3.target, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' }),
    );
    await s3.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('cde');
  });

  test('is refused while it is not what it should be, and can be completed then', async () => {
    await using s3 = await given();
    const parts = [await s3.upload(1, filled(MIN_PART_BYTES - 1, 1)), await s3.upload(2, filled(1, 2))];
    const refused = async (named: typeof parts) => {
      const { name, $metadata } = await refusal(s3.complete(named));
      return [name, $metadata.httpStatusCode];
    };
    expect(await refused(parts)).toEqual(['EntityTooSmall', 400]);
    expect(await refused(parts.toReversed())).toEqual(['InvalidPartOrder', 400]);
    expect(await refused([{ PartNumber: 1, ETag: parts[1]?.ETag }])).toEqual(['InvalidPart', 400]);
    expect(await refused([{ PartNumber: 3, ETag: parts[1]?.ETag }])).toEqual(['InvalidPart', 400]);
    expect(await refused([])).toEqual(['MalformedXML', 400]);
    expect((await refusal(s3.upload(0, filled(1, 0)))).name).toBe('InvalidArgument');
    expect((await refusal(s3.upload(10_001, filled(1, 0)))).name).toBe('InvalidArgument');
    await s3.complete(parts.slice(1));
  });

  test('is gone once it is aborted or completed', async () => {
    await using s3 = await given();
    const part = await s3.upload(1, filled(1, 1));
    await s3.client.send(new AbortMultipartUploadCommand(s3.target));
    for (const call of [
      () => s3.complete([part]),
      () => s3.upload(1, filled(1, 1)),
      () => s3.client.send(new ListPartsCommand(s3.target)),
      () => s3.client.send(new AbortMultipartUploadCommand(s3.target)),
    ]) {
      expect(await refusal(call())).toMatchObject({ name: NoSuchUpload.name, $metadata: { httpStatusCode: 404 } });
    }
  });
});
