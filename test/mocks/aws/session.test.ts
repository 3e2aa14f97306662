import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsCredential } from '../../../mocks/aws/credential.ts';
import { createAws, EAST, readRefusal, sign, toRequest, WEST } from '../../support/aws.ts';
import { rowLabelled } from '../../support/model.ts';

const MINUTE_MS = 60_000;
const body = JSON.stringify({ instances: [rowLabelled(3)] });
const OK = { status: 200 };
const EXPIRED = {
  status: 403,
  code: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
};
const UNKNOWN = { status: 403, code: 'UnrecognizedClientException' };

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

const given = async (initial?: AwsCredential) => {
  const created = await createAws({ capacity: { serviceTimeMs: 0 }, ...(initial ? { credential: initial } : {}) });
  const call = async (credential: AwsCredential, region = EAST) => {
    const response = await created.handler('sagemaker-runtime', region)(toRequest(await sign(credential, { body, region })));
    return response.ok ? { status: response.status } : readRefusal(response);
  };
  return { ...created, call };
};

describe('when the session is expired by a fault', () => {
  test('who goes on with it is refused for good, in every region', async () => {
    const { emulator, credential, call } = await given();
    expect(await call(credential)).toEqual(OK);
    await emulator.control({ type: 'expire-tokens' });
    expect(await call(credential)).toEqual(EXPIRED);
    expect(await call(credential, WEST)).toEqual(EXPIRED);
    vi.advanceTimersByTime(30 * MINUTE_MS);
    expect(await call(credential)).toEqual(EXPIRED);
  });

  test('who reads the secret store again has a fresh session at once', async () => {
    const { emulator, credential, readCredential, call } = await given();
    await emulator.control({ type: 'expire-tokens' });
    const fresh = await readCredential();
    expect(fresh.accessKeyId).not.toBe(credential.accessKeyId);
    expect(await call(fresh)).toEqual(OK);
  });

  test('a long-lived key has no session, and the command says so', async () => {
    const key = { provider: 'aws', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' } as const;
    const { emulator, call } = await given(key);
    expect(await call(key)).toEqual(OK);
    await expect(emulator.control({ type: 'expire-tokens' })).rejects.toThrow(TypeError);
    expect(await call(key)).toEqual(OK);
  });
});

describe('when a session reaches its end by itself', () => {
  test('it is refused from that moment, an hour after it began', async () => {
    const { credential, call } = await given();
    vi.advanceTimersByTime(60 * MINUTE_MS - 1);
    expect(await call(credential)).toEqual(OK);
    vi.advanceTimersByTime(1);
    expect(await call(credential)).toEqual(EXPIRED);
  });

  test('the secret store has the next one five minutes before, and the old one still serves until then', async () => {
    const { credential, readCredential, call } = await given();
    vi.advanceTimersByTime(55 * MINUTE_MS - 1);
    expect(await readCredential()).toEqual(credential);
    vi.advanceTimersByTime(1);
    const next = await readCredential();
    expect(next).not.toEqual(credential);
    expect(await readCredential()).toEqual(next);
    expect([await call(credential), await call(next)]).toEqual([OK, OK]);
    vi.advanceTimersByTime(5 * MINUTE_MS);
    expect([await call(credential), await call(next)]).toEqual([EXPIRED, OK]);
  });
});

describe('when the credential is revoked', () => {
  test('its sessions are unknown at once, the ended ones too, and the dead one is published until the replacement is there', async () => {
    const { emulator, credential, readCredential, call } = await given();
    await emulator.control({ type: 'expire-tokens' });
    const current = await readCredential();
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: 2000 });
    expect(await call(credential)).toMatchObject(UNKNOWN);
    expect(await call(current)).toMatchObject(UNKNOWN);
    expect(await readCredential()).toEqual(current);
    await vi.advanceTimersByTimeAsync(2000);
    const replacement = await readCredential();
    expect(await call(replacement)).toEqual(OK);
    expect(await call(current)).toMatchObject(UNKNOWN);
  });

  test('without a replacement nothing opens the provider again, not even expiring', async () => {
    const { emulator, readCredential, call } = await given();
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    await emulator.control({ type: 'expire-tokens' });
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
    expect(await call(await readCredential())).toMatchObject(UNKNOWN);
  });

  test('a replacement at once is there when the command is done', async () => {
    const { emulator, credential, readCredential, call } = await given();
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect(await call(credential)).toMatchObject(UNKNOWN);
    expect(await call(await readCredential())).toEqual(OK);
  });
});
