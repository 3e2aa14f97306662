import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAwsSigner } from '../../../../harness/serving/clients/aws-signer.ts';
import { mintSession } from '../../../../mocks/aws/credential.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const credential = mintSession();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

const HEAD = {
  method: 'POST' as const,
  url: 'http://127.0.0.1:8080/endpoints/digits/invocations',
  headers: { 'content-type': 'application/json' },
};

/** As AWS's own signer signs the same. */
const expected = async (body: string, by = credential) => {
  const { protocol, hostname, host, pathname } = new URL(HEAD.url);
  const signer = new SignatureV4({
    credentials: by,
    service: 'sagemaker',
    region: 'us-east-1',
    sha256: Sha256,
    applyChecksum: false,
  });
  const headers = { ...HEAD.headers, host };
  const signed = await signer.sign({ method: 'POST', protocol, hostname, port: 8080, path: pathname, headers, body });
  const { host: _, ...sent } = signed.headers;
  return sent;
};

describe('a signed request', () => {
  test('has the headers that AWS’s own signer gives it, at whatever time', async () => {
    const sign = createAwsSigner(credential, 'sagemaker', 'us-east-1').forHead(HEAD);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.oneof(fc.nat(3000), fc.nat(4 * 86_400_000)), async (body, laterMs) => {
        vi.setSystemTime(NOW_MS + laterMs);
        expect((await sign(body)).headers).toEqual(await expected(body));
      }),
    );
  });

  test('has no token where the key is for life', async () => {
    const { sessionToken: _, ...forLife } = credential;
    const signed = await createAwsSigner(forLife, 'sagemaker', 'us-east-1').forHead(HEAD)('');
    expect(signed.headers).toEqual(await expected('', forLife));
    expect(signed.headers).not.toHaveProperty('x-amz-security-token');
  });

  test('is signed right on both sides of midnight when it is signed while a day begins', async () => {
    const sign = createAwsSigner(credential, 'sagemaker', 'us-east-1').forHead(HEAD);
    vi.setSystemTime(Date.UTC(2026, 10, 24, 23, 59, 59, 999));
    const [before, wantedBefore] = [sign('a'), expected('a')];
    vi.setSystemTime(Date.UTC(2026, 10, 25));
    const [after, wantedAfter] = [sign('a'), expected('a')];
    expect((await before).headers).toEqual(await wantedBefore);
    expect((await after).headers).toEqual(await wantedAfter);
  });

  test('is not signed for what a proxy may change', async () => {
    const headers = { ...HEAD.headers, accept: 'application/json' };
    const signed = await createAwsSigner(credential, 'sagemaker', 'us-east-1').forHead({ ...HEAD, headers })('a');
    expect(signed).toEqual({ ...HEAD, headers: { ...(await expected('a')), accept: 'application/json' }, body: 'a' });
  });
});
