import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standingBucket } from '../../../mocks/aws/s3/store.ts';
import { EAST, mountAwsCloud, refusal } from '../../support/aws-cloud.ts';

const Bucket = standingBucket(EAST);

const given = async () => {
  const cloud = await mountAwsCloud();
  await cloud.account.control({ type: 'set-quota', service: 's3', region: '*', requestsPerS: 1_000_000 });
  const client = new S3Client({ ...cloud.options('s3'), forcePathStyle: true });
  return { client, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

/** Whether no more `..` have come than other segments before them. */
const isWithin = (key: string): boolean => {
  const depths = [0];
  for (const segment of key.split('/')) {
    depths.push(depths.at(-1)! + (segment === '..' ? -1 : Number(segment !== '.' && segment !== '')));
  }
  return Math.min(...depths) >= 0;
};

describe('a key', () => {
  test('is a name and no path: segments of dots are part of it, so long as they do not lead out of the bucket', async () => {
    await using s3 = await given();
    const segment = fc.constantFrom('.', '..', '...', 'a', 'b c', '%2e', '');
    const keys = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));
    const known = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        keys.filter((key) => key !== ''),
        async (Key) => {
          const put = s3.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
          if (!isWithin(Key)) {
            expect((await refusal(put)).$metadata.httpStatusCode).toBe(400);
            return;
          }
          await put;
          known.add(Key);
          const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
          expect(await Body?.transformToString()).toBe(Key);
        },
      ),
      { numRuns: 100 },
    );
    const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket }));
    expect(new Set(Contents.map(({ Key }) => Key))).toEqual(known);
  });
});
