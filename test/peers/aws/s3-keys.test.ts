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

  test('has 1024 bytes of UTF-8 at most, however many characters those are', async () => {
    await using s3 = await given();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('k', 'é', '€', '😀'), fc.integer({ min: 1000, max: 1048 }), async (letter, bytes) => {
        const width = Buffer.byteLength(letter);
        const Key = letter
          .repeat(Math.floor(bytes / width))
          .padEnd(Math.floor(bytes / width) * letter.length + (bytes % width), 'k');
        expect(Buffer.byteLength(Key)).toBe(bytes);
        const put = s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'text' }));
        if (bytes <= 1024) await put;
        else
          expect(await refusal(put)).toMatchObject({
            name: 'KeyTooLongError',
            message: 'Your key is too long',
            Size: String(bytes),
            MaxSizeAllowed: '1024',
            $metadata: { httpStatusCode: 400 },
          });
      }),
      {
        examples: [
          ['k', 1024],
          ['k', 1025],
          ['é', 1024],
          ['é', 1026],
        ],
        numRuns: 60,
      },
    );
  });
});

describe('a page of keys', () => {
  test('goes on from a token that an earlier one gave, and from nothing else', async () => {
    await using s3 = await given();
    for (const Key of ['a b', 'é/1', '😀']) await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const list = (more: object) => s3.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, ...more }));
    const seen: (string | undefined)[] = [];
    const tokens = new Set<string>();
    let ContinuationToken: string | undefined;
    do {
      const { Contents = [], NextContinuationToken } = await list({ ContinuationToken });
      seen.push(...Contents.map(({ Key }) => Key));
      ContinuationToken = NextContinuationToken;
      if (ContinuationToken !== undefined) tokens.add(ContinuationToken);
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(['a b', 'é/1', '😀']);

    const base64 = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('base64'));
    const [token1 = ''] = tokens;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), base64), async (token) => {
        fc.pre(!tokens.has(token));
        expect(await refusal(list({ ContinuationToken: token }))).toMatchObject({
          name: 'InvalidArgument',
          message: 'The continuation token provided is incorrect',
          $metadata: { httpStatusCode: 400 },
        });
      }),
      { examples: [[''], ['garbage'], ['abcd'], ['Zm9v'], [` ${token1}`], [`${token1}=`], [token1.slice(0, -1)]], numRuns: 100 },
    );
  });
});
