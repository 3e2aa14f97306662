import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { Sha256 } from '@aws-crypto/sha256-js';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standingBucket } from '../../../mocks/aws/s3/store.ts';
import { type Recorder, record, toRequest } from '../../conformance/recorder.ts';
import { EAST, mountAwsCloud, refusal } from '../../support/aws-cloud.ts';

const Bucket = standingBucket(EAST);
const TEXT = 'b'.repeat(10_000);

const given = async () => {
  let recorder: Recorder | undefined;
  const cloud = await mountAwsCloud({
    before(fetch, service) {
      const made = record(fetch);
      if (service === 's3') recorder ??= made;
      return made.handler;
    },
  });
  if (!recorder) throw new Error('there is no S3');
  await cloud.account.control({ type: 'set-quota', service: 's3', region: '*', requestsPerS: 1_000_000 });
  const client = new S3Client({ ...cloud.options('s3'), forcePathStyle: true });
  const read = async (Key: string) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  return { ...cloud, recorder, client, read, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

const codeOf = async (answer: Response) => [answer.status, /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1]];

describe('what @aws-sdk/client-s3 streams', () => {
  test('is put as it was, or not at all, whichever byte of it changes on its way', async () => {
    await using s3 = await given();
    await s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'k', Body: Readable.from([Buffer.from(TEXT)]), ContentLength: TEXT.length }),
    );
    const [request] = s3.recorder.requests;
    if (!request) throw new Error('nothing was put');
    expect(request.headers['x-amz-content-sha256']).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
    const send = (body: Uint8Array) => s3.recorder.handler(toRequest({ ...request, body }, s3.originOf('s3')));
    const ending = request.body.length - 60;
    const place = fc.oneof(fc.nat(request.body.length - 1), fc.integer({ min: ending, max: request.body.length - 1 }));
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const body = request.body.slice();
        body[at]! ^= by;
        const [status, code] = await codeOf(await send(body));
        if (status === 200) expect(await s3.read('k'), `byte ${at} by ${by}`).toBe(TEXT);
        else
          expect([status, code]).toEqual([
            400,
            expect.stringMatching(/^(BadDigest|IncompleteBody|MalformedTrailerError|InvalidRequest)$/),
          ]);
      }),
      { numRuns: 150 },
    );
    const changed = request.body.slice();
    changed[100]! ^= 1;
    expect(await codeOf(await send(changed))).toEqual([400, 'BadDigest']);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'MD5', 'SHA1', 'SHA256'] as const)(
    'is taken with a check sum of %s',
    async (name) => {
      await using s3 = await given();
      await s3.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: TEXT, ChecksumAlgorithm: name }));
      expect(s3.recorder.requests[0]?.headers).toHaveProperty(
        name === 'MD5' ? 'content-md5' : `x-amz-checksum-${name.toLowerCase()}`,
      );
      expect(await s3.read('k')).toBe(TEXT);
    },
  );

  test.each([
    ['in one piece', Buffer.from(TEXT)],
    ['in chunks, with its check sum behind it', Readable.from([Buffer.from(TEXT)])],
  ])('is answered with the check sum that came with it, %s', async (_, Body) => {
    await using s3 = await given();
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(TEXT));
    const put = new PutObjectCommand({ Bucket, Key: 'k', Body, ContentLength: TEXT.length, ChecksumAlgorithm: 'CRC32' });
    expect((await s3.client.send(put)).ChecksumCRC32).toBe(sum.toString('base64'));
  });

  test('is refused when the check sum is one that the caller gave, of another body', async () => {
    await using s3 = await given();
    const put = (more: object) => s3.client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'text', ...more }));
    expect(await refusal(put({ ChecksumCRC32: 'AAAAAA==' }))).toMatchObject({
      name: 'BadDigest',
      message: 'The CRC32 you specified did not match the calculated checksum.',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await refusal(put({ ChecksumCRC64NVME: 'AAAAAAAAAAA=' }))).toMatchObject({ name: 'BadDigest' });
    expect(await refusal(s3.read('k'))).toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('an object that is put together from parts', () => {
  test('is held to the check sum of its bytes, or of its parts', async () => {
    await using s3 = await given();
    const bodies = ['a'.repeat(5 * 1024 * 1024), 'end'];
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of bodies.entries()) {
      const part = { Bucket, Key: 'k', UploadId, PartNumber: index + 1, Body };
      Parts.push({ PartNumber: index + 1, ETag: (await s3.client.send(new UploadPartCommand(part))).ETag });
    }
    const complete = (more: object) =>
      s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'k', UploadId, MultipartUpload: { Parts }, ...more }));
    const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
    const ofParts = sha256(Buffer.concat(bodies.map(sha256))).toString('base64');
    for (const ChecksumSHA256 of [`${ofParts}-3`, ofParts, `${sha256(bodies.join('')).toString('base64')}-2`]) {
      expect(await refusal(complete({ ChecksumSHA256 }))).toMatchObject({ name: 'BadDigest' });
    }
    expect(await refusal(s3.read('k'))).toMatchObject({ name: 'NoSuchKey' });
    const ofBytes = Buffer.alloc(4);
    ofBytes.writeUInt32BE(crc32(bodies.join('')));
    await complete({ ChecksumSHA256: `${ofParts}-2` });
    expect(await s3.read('k')).toBe(bodies.join(''));

    const again = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'whole' }));
    const whole = { Bucket, Key: 'whole', UploadId: again.UploadId };
    const { ETag } = await s3.client.send(new UploadPartCommand({ ...whole, PartNumber: 1, Body: bodies.join('') }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const sum = { ChecksumCRC32: ofBytes.toString('base64'), ChecksumType: 'FULL_OBJECT' } as const;
    await s3.client.send(new CompleteMultipartUploadCommand({ ...whole, MultipartUpload, ...sum }));
    expect(await s3.read('whole')).toBe(bodies.join(''));
  });
});

describe('a part of an upload', () => {
  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is answered with its check sum of %s, which its completion is held to',
    async (ChecksumAlgorithm) => {
      await using s3 = await given();
      const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k', ChecksumAlgorithm }));
      const target = { Bucket, Key: 'k', UploadId };
      const upload = async (PartNumber: number, Body: string) =>
        s3.client.send(new UploadPartCommand({ ...target, PartNumber, Body, ChecksumAlgorithm }));
      const name = `Checksum${ChecksumAlgorithm}` as const;
      const [part, other] = [await upload(1, 'text'), await upload(2, 'tex!')];
      expect(part[name]).toMatch(/^[A-Za-z0-9+/]+=*$/);
      const complete = (sum: string | undefined) =>
        s3.client.send(
          new CompleteMultipartUploadCommand({
            ...target,
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag, [name]: sum }] },
          }),
        );
      expect(await refusal(complete(other[name]))).toMatchObject({ name: 'InvalidPart', $metadata: { httpStatusCode: 400 } });
      await complete(part[name]);
      expect(await s3.read('k')).toBe('text');
    },
  );
});

describe('a request whose chunks are signed', () => {
  test('is taken with the right signatures, and refused with those of other chunks', async () => {
    await using s3 = await given();
    const { credentials } = s3.options('s3');
    const { hostname, host } = new URL(s3.originOf('s3'));
    const signer = new SignatureV4({
      service: 's3',
      region: EAST,
      credentials,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const path = `/${Bucket}/k`;
    const headers = {
      host,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': String(TEXT.length + 4),
    };
    const signed = await signer.sign({ method: 'PUT', protocol: 'http:', hostname, path, headers, body: undefined } as Parameters<
      typeof signer.presign
    >[0]);
    const date = signed.headers['x-amz-date'] ?? '';
    const hash = async (text: string) => {
      const sha256 = new Sha256();
      sha256.update(text);
      return Buffer.from(await sha256.digest()).toString('hex');
    };
    const scope = `${date.slice(0, 8)}/${EAST}/s3/aws4_request`;
    const chunked = async (texts: readonly string[], sent: readonly string[]) => {
      let previous = /Signature=([0-9a-f]{64})/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
      let body = '';
      for (const [index, text] of texts.entries()) {
        const toSign = `AWS4-HMAC-SHA256-PAYLOAD\n${date}\n${scope}\n${previous}\n${await hash('')}\n${await hash(text)}`;
        previous = await signer.sign(toSign, {
          signingDate: new Date(date.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5')),
        });
        body += `${text.length.toString(16)};chunk-signature=${previous}\r\n${sent[index]}\r\n`;
      }
      return body;
    };
    const put = (body: string) => fetch(`${s3.originOf('s3')}${path}`, { method: 'PUT', headers: signed.headers, body });
    const texts = [TEXT, 'last', ''];
    expect(await codeOf(await put(await chunked(texts, [TEXT, 'lost', ''])))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await codeOf(await put(await chunked(texts, texts)))).toEqual([200, undefined]);
    expect(await s3.read('k')).toBe(`${TEXT}last`);
  });
});
