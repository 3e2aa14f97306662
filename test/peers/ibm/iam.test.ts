import fc from 'fast-check';
import { IamTokenManager } from 'ibm-cloud-sdk-core';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { codeOf, mountIbm, refusal } from '../../support/ibm.ts';

afterEach(() => {
  vi.useRealTimers();
});

const APIKEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';

interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly errorCode?: string;
}

const requestToken = async (
  origin: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) => {
  const response = await fetch(`${origin}/identity/token`, { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: response.status, body: (await response.json()) as TokenAnswer };
};

const CLI = { authorization: `Basic ${btoa('bx:bx')}` };

describe('ibm-cloud-sdk-core, unmodified', () => {
  test('gets a token for an API key, which the published key verifies', async () => {
    await using ibm = await mountIbm();
    const manager = new IamTokenManager({ apikey: ibm.account.credential.apikey ?? '', url: ibm.originOf('iam') });
    const token = await manager.getToken();
    const keys = createRemoteJWKSet(new URL(`${ibm.originOf('iam')}/identity/keys`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: 'https://iam.cloud.ibm.com/identity' });
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.stringMatching(/^\d{12}$/) });
    expect(payload).toMatchObject({ iam_id: ibm.account.iamId, account: { bss: ibm.account.accountId }, scope: 'ibm openid' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(manager.getRefreshToken()).toBe('not_supported');
  });

  test.each([
    ['that never was', 'BXNIM0415E', /could not be found/],
    ['that was disabled', 'BXNIM0462E', /is disabled/],
  ])('is refused an API key %s', async (_, code, message) => {
    await using ibm = await mountIbm();
    const { apikey = '' } = ibm.account.credential;
    if (code === 'BXNIM0462E') await ibm.account.control({ type: 'revoke-credential', replacementAfterMs: null });
    const presented = code === 'BXNIM0462E' ? apikey : apikey.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    const error = await refusal(new IamTokenManager({ apikey: presented, url: ibm.originOf('iam') }).getToken());
    expect(error).toMatchObject({ status: 400, message: 'Access is denied due to invalid credentials.' });
    expect(codeOf(error)).toBe(code);
    expect(error.result?.errorMessage).toMatch(message);
    expect(JSON.stringify(error.result)).not.toContain(presented);
  });

  test('gets through with the key that replaces a revoked one', async () => {
    await using ibm = await mountIbm();
    const old = ibm.account.credential.apikey;
    await ibm.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    const { apikey = '' } = ibm.account.credential;
    expect(apikey).toMatch(/^[\w-]{44}$/);
    expect(apikey).not.toBe(old);
    expect(await new IamTokenManager({ apikey, url: ibm.originOf('iam') }).getToken()).toMatch(/^ey/);
  });

  test('is throttled at the edge', async () => {
    await using ibm = await mountIbm();
    await ibm.account.control({ type: 'set-quota', region: 'global', service: 'iam', requestsPerS: 0.001 });
    const manager = () => new IamTokenManager({ apikey: ibm.account.credential.apikey ?? '', url: ibm.originOf('iam') });
    await manager().getToken();
    expect(await refusal(manager().getToken())).toMatchObject({ status: 429, statusText: 'Too Many Requests' });
  });
});

describe('the token endpoint', () => {
  test.each([
    ['no grant type', {}, 'BXNIM0109E'],
    ['no API key', { grant_type: APIKEY_GRANT }, 'BXNIM0109E'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'BXNIM0109E'],
    ['a refresh token of nobody', { grant_type: 'refresh_token', refresh_token: 'OK' }, 'BXNIM0407E'],
    ['another grant', { grant_type: 'password' }, 'BXNIM0137E'],
  ])('refuses %s', async (_, form, code) => {
    await using ibm = await mountIbm();
    expect(await requestToken(ibm.originOf('iam'), form as Record<string, string>)).toMatchObject({
      status: 400,
      body: { errorCode: code },
    });
  });

  test('gives the CLI refresh tokens, until they are expired', async () => {
    await using ibm = await mountIbm();
    const origin = ibm.originOf('iam');
    const { apikey = '' } = ibm.account.credential;
    const first = await requestToken(origin, { grant_type: APIKEY_GRANT, apikey }, CLI);
    const form = { grant_type: 'refresh_token', refresh_token: first.body.refresh_token };
    expect((await requestToken(origin, form, CLI)).body.access_token).toMatch(/^ey/);
    await ibm.account.control({ type: 'expire-tokens' });
    expect(await requestToken(origin, form, CLI)).toMatchObject({ status: 400, body: { errorCode: 'BXNIM0408E' } });
  });

  test('takes no other method, and has no other paths', async () => {
    await using ibm = await mountIbm();
    const origin = ibm.originOf('iam');
    expect((await fetch(`${origin}/identity/token`)).status).toBe(405);
    expect((await fetch(`${origin}/identity/tokens`)).status).toBe(404);
    expect(await (await fetch(`${origin}/identity/.well-known/openid-configuration`)).json()).toMatchObject({
      issuer: 'https://iam.cloud.ibm.com/identity',
    });
  });
});

describe('a token', () => {
  test('is expired an hour after it was issued', async () => {
    await using ibm = await mountIbm();
    const { tokens } = ibm.account;
    vi.useFakeTimers({ toFake: ['Date'] });
    const { token } = await tokens.issue(ibm.account, APIKEY_GRANT);
    expect(await tokens.check(token)).toBe('good');
    vi.setSystemTime(Date.now() + 3_599_000);
    expect(await tokens.check(token)).toBe('good');
    vi.setSystemTime(Date.now() + 2000);
    expect(await tokens.check(token)).toBe('expired');
  });

  test('of a revoked key is invalid', async () => {
    await using ibm = await mountIbm();
    const { tokens } = ibm.account;
    const { token } = await tokens.issue(ibm.account, APIKEY_GRANT);
    await ibm.account.control({ type: 'expire-tokens' });
    expect(await tokens.check(token)).toBe('expired');
    await ibm.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect(await tokens.check(token)).toBe('invalid');
  });

  test('with any other character anywhere is invalid', async () => {
    await using ibm = await mountIbm();
    const { tokens } = ibm.account;
    const { token } = await tokens.issue(ibm.account, APIKEY_GRANT);
    // It is remembered as good: what is remembered must not let another through.
    expect(await tokens.check(token)).toBe('good');
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.=+'), async (at, character) => {
        fc.pre(token[at] !== character);
        expect(await tokens.check(token.slice(0, at) + character + token.slice(at + 1))).toBe('invalid');
      }),
      { numRuns: 300 },
    );
  });
});
