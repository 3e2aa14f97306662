import { createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { standingBucket } from '../../../mocks/aws/s3/store.ts';
import { EAST, mountAwsCloud, WEST } from '../../support/aws-cloud.ts';

const Bucket = standingBucket(EAST);
const KEY = 'in/a b.txt';
const PATH = `/${Bucket}/in/a%20b.txt`;

afterEach(() => {
  vi.useRealTimers();
});

type Cloud = Awaited<ReturnType<typeof given>>;

const given = async () => {
  const cloud = await mountAwsCloud();
  const client = new S3Client({ ...cloud.options('s3'), forcePathStyle: true });
  await client.send(new PutObjectCommand({ Bucket, Key: KEY, Body: 'text' }));
  const { credentials } = cloud.options('s3');
  /** As @aws-sdk/s3-request-presigner does it, with AWS's own signer. */
  const presign = async (method: string, { expiresIn = 60, region = EAST, query = {}, credential = credentials } = {}) => {
    const signer = new SignatureV4({
      service: 's3',
      region,
      credentials: credential,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const { hostname, host, port, protocol } = new URL(cloud.originOf('s3'));
    const request = { method, protocol, hostname, port: Number(port), path: PATH, query, body: undefined };
    const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const signed = await signer.presign({ ...request, headers } as Parameters<typeof signer.presign>[0], {
      expiresIn,
      unhoistableHeaders: new Set(),
      unsignableHeaders: new Set(['content-type', 'x-amz-content-sha256']),
    });
    const url = new URL(`${cloud.originOf('s3')}${PATH}`);
    for (const [name, value] of Object.entries(signed.query ?? {})) url.searchParams.set(name, String(value));
    return url.href.replaceAll('+', '%20');
  };
  const read = async () => (await client.send(new GetObjectCommand({ Bucket, Key: KEY }))).Body?.transformToString();
  return { ...cloud, presign, read, credentials, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

/** Status and error code of an answer. */
const outcome = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, init);
  return [answer.status, /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1]];
};

/** As boto3 signs a URL, in the way before the last (HMAC-SHA1). */
const presignV2 = ({ credentials, originOf }: Cloud, expiresAtS: number, region = EAST): string => {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  const text = `GET\n\n\n${expiresAtS}\nx-amz-security-token:${sessionToken}\n${PATH}`;
  const url = new URL(`${originOf('s3', region)}${PATH}`);
  url.searchParams.set('AWSAccessKeyId', accessKeyId);
  url.searchParams.set('Signature', createHmac('sha1', secretAccessKey).update(text).digest('base64'));
  url.searchParams.set('x-amz-security-token', sessionToken);
  url.searchParams.set('Expires', String(expiresAtS));
  return url.href;
};

describe('a presigned URL', () => {
  test('gives the object to whoever has it, under the headers that it asks for', async () => {
    await using s3 = await given();
    const answer = await fetch(
      await s3.presign('GET', {
        query: { 'x-id': 'GetObject', 'response-content-disposition': 'attachment; filename="a b"' },
      }),
    );
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('text');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a b"');
  });

  test('takes a body that it does not know, and is for its own method alone', async () => {
    await using s3 = await given();
    const url = await s3.presign('PUT');
    expect(await outcome(url)).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await outcome(url, { method: 'PUT', body: 'another' })).toEqual([200, undefined]);
    expect(await s3.read()).toBe('another');
  });

  test('is refused with any character of its path or query changed', async () => {
    await using s3 = await given();
    const url = await s3.presign('GET');
    expect(await outcome(url)).toEqual([200, undefined]);
    await s3.account.control({ type: 'set-quota', service: 's3', region: '*', requestsPerS: 1_000_000 });
    const start = url.indexOf(PATH) + 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: url.length - 1 }), fc.constantFrom(...'abcxyzABC019'), async (at, by) => {
        const changed = url.slice(0, at) + by + url.slice(at + 1);
        // Percent-encodings have no case.
        fc.pre(changed.replace(/%[\da-f]{2}/gi, (encoding) => encoding.toUpperCase()) !== url);
        const { status } = await fetch(changed);
        expect([400, 403], `character ${at} as ${by}: ${changed}`).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  test('is refused with x-amz- headers that it does not sign, all of which are named, except for the hash of the body', async () => {
    await using s3 = await given();
    const url = await s3.presign('PUT');
    const put = (headers: HeadersInit) => fetch(url, { method: 'PUT', body: 'another', headers });
    const answer = await put({ 'x-amz-meta-of': 'a', 'x-amz-copy-source': `${Bucket}/in/a%20b.txt` });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(
      '<Code>AccessDenied</Code><Message>There were headers present in the request which were not signed</Message><HeadersNotSigned>x-amz-copy-source, x-amz-meta-of</HeadersNotSigned>',
    );
    expect(await s3.read()).toBe('text');
    expect((await put({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amzn-trace-id': 'Root=1' })).status).toBe(200);
    expect(await s3.read()).toBe('another');
  });

  test('is good until its time is over', async () => {
    await using s3 = await given();
    const url = await s3.presign('GET', { expiresIn: 90 });
    const signedAtMs = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: signedAtMs + 88_000 });
    expect(await outcome(url)).toEqual([200, undefined]);
    vi.setSystemTime(signedAtMs + 91_000);
    const late = await fetch(url);
    expect(late.status).toBe(403);
    expect(await late.text()).toMatch(
      /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message><X-Amz-Expires>90<\/X-Amz-Expires><Expires>[\dTZ:-]{20}<\/Expires><ServerTime>/,
    );
    vi.setSystemTime(signedAtMs - 16 * 60_000);
    expect(await outcome(url)).toEqual([403, 'AccessDenied']);
  });

  test('is refused as its signer is', async () => {
    await using s3 = await given();
    const { credentials } = s3;
    const forged = { ...credentials, secretAccessKey: 'guessed' };
    expect(await outcome(await s3.presign('GET', { credential: forged }))).toEqual([403, 'SignatureDoesNotMatch']);
    const unknown = { ...credentials, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    expect(await outcome(await s3.presign('GET', { credential: unknown }))).toEqual([403, 'InvalidAccessKeyId']);
    const mixed = { ...credentials, sessionToken: 'another' };
    expect(await outcome(await s3.presign('GET', { credential: mixed }))).toEqual([400, 'InvalidToken']);
    expect(await outcome(await s3.presign('GET', { region: WEST }))).toEqual([400, 'AuthorizationQueryParametersError']);
    const url = await s3.presign('GET');
    for (const name of ['Date', 'Expires', 'SignedHeaders', 'Credential', 'Signature', 'Algorithm']) {
      const without = new URL(url);
      without.searchParams.delete(`X-Amz-${name}`);
      expect(await outcome(without.href), name).toEqual([400, 'AuthorizationQueryParametersError']);
    }
    await s3.account.control({ type: 'set-permission', service: 's3', operation: 'GetObject', isAllowed: false });
    expect(await outcome(url)).toEqual([403, 'AccessDenied']);
    await s3.account.control({ type: 'expire-tokens' });
    expect(await outcome(url)).toEqual([400, 'ExpiredToken']);
  });

  test('may be signed as boto3 signs it unless it is told otherwise', async () => {
    await using s3 = await given();
    const nowS = Math.floor(Date.now() / 1000);
    const url = presignV2(s3, nowS + 60);
    expect(await outcome(url)).toEqual([200, undefined]);
    expect(await outcome(url.replace('Expires=', 'Expires=1'))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await outcome(url.replace('a%20b', 'c'))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await outcome(`${url}&response-content-type=text/html`)).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await outcome(url, { method: 'DELETE' })).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await outcome(presignV2(s3, nowS - 60))).toEqual([403, 'AccessDenied']);
  });
});
