import fc from 'fast-check';
import { base64url, exportSPKI, importJWK, importPKCS8, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { mintCredential, mintKey } from '../../../mocks/google/credential.ts';
import { createGoogle, JWT_BEARER, postToken, signAssertion } from '../../support/google.ts';

let google: Awaited<ReturnType<typeof createGoogle>>;

const exchange = (assertion: string, url?: string) =>
  postToken(google.handler('oauth2'), { grant_type: JWT_BEARER, assertion }, url);

const exchangeWith = async (options: Parameters<typeof signAssertion>[1]) =>
  exchange(await signAssertion(google.credential, options));

const BAD_SIGNATURE = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
const BAD_TIMES = {
  status: 400,
  body: { error: 'invalid_grant', error_description: expect.stringContaining('Token must be a short-lived token (60 minutes)') },
};
const BAD_SCOPE = {
  status: 400,
  body: { error: 'invalid_scope', error_description: 'Invalid OAuth scope or ID token audience provided.' },
};

beforeAll(async () => {
  google = await createGoogle();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('given an assertion in order', () => {
  it('when it is exchanged, then an opaque bearer token of an hour comes', async () => {
    const { status, body } = await exchangeWith({});
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.stringMatching(/^ya29\.[\w.-]{50,}$/), expires_in: 3599, token_type: 'Bearer' });
  });

  it('when it names no key, as google-auth-library for Node leaves it, then it is taken', async () => {
    expect((await exchangeWith({ header: { kid: undefined, typ: undefined } })).status).toBe(200);
  });

  it("when its audience is the endpoint's own URL, then it is taken there and nowhere else", async () => {
    const url = 'http://127.0.0.1:20011/token';
    const assertion = await signAssertion(google.credential, { claims: { aud: url } });
    expect((await exchange(assertion, url)).status).toBe(200);
    expect(await exchange(assertion, 'http://127.0.0.1:20012/token')).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: 'Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token',
      },
    });
  });

  it.each(['https://oauth2.googleapis.com/token', 'https://www.googleapis.com/oauth2/v4/token'])(
    "when its audience is %s, one of Google's names, then it is taken at both paths, wherever they are",
    async (aud) => {
      const assertion = await signAssertion(google.credential, { claims: { aud } });
      for (const url of [
        'https://oauth2.googleapis.com/token',
        'https://www.googleapis.com/oauth2/v4/token',
        'http://127.0.0.1:20011/token',
        'http://127.0.0.1:20011/oauth2/v4/token',
      ]) {
        expect(await exchange(assertion, url)).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
      }
    },
  );

  it("when its audience mixes Google's names, then it is refused", async () => {
    for (const aud of ['https://www.googleapis.com/token', 'https://oauth2.googleapis.com/oauth2/v4/token']) {
      expect(await exchangeWith({ claims: { aud } })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
  });

  it('when it carries a target audience, then an identity token comes that the published key verifies', async () => {
    const { status, body } = await exchangeWith({ claims: { target_audience: 'https://example.com', scope: undefined } });
    expect(status).toBe(200);
    const certs = await google.handler('oauth2')(new Request('https://oauth2.googleapis.com/oauth2/v3/certs'));
    const [jwk = {}] = ((await certs.json()) as { keys: Record<string, string>[] }).keys;
    const { payload } = await jwtVerify(String(body.id_token), await importJWK(jwk), {
      audience: 'https://example.com',
      issuer: 'https://accounts.google.com',
    });
    expect(payload.email).toBe(google.credential.clientEmail);
    expect(body).not.toHaveProperty('access_token');
  });
});

describe('given an assertion that is not in order', () => {
  it('when any character of it is another, then it is refused', async () => {
    const assertion = await signAssertion(google.credential);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= ';
    await fc.assert(
      fc.asyncProperty(fc.nat(assertion.length - 1), fc.constantFrom(...alphabet), async (index, character) => {
        fc.pre(assertion[index] !== character);
        const { status, body } = await exchange(assertion.slice(0, index) + character + assertion.slice(index + 1));
        expect(status).toBe(400);
        expect(body).not.toHaveProperty('access_token');
      }),
      { numRuns: 300 },
    );
  });

  it('when the unused bits of the last character differ, which decodes to the same signature, then it is refused', async () => {
    const assertion = await signAssertion(google.credential);
    const signature = assertion.slice(assertion.lastIndexOf('.') + 1);
    const twins = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .map((last) => assertion.slice(0, -1) + last)
      .filter((twin) => {
        const other = twin.slice(twin.lastIndexOf('.') + 1);
        return twin !== assertion && base64url.encode(base64url.decode(other)) === signature;
      });
    expect(twins).toHaveLength(15);
    for (const twin of twins) expect(await exchange(twin)).toMatchObject(BAD_SIGNATURE);
  });

  it('when another key signed it under the known id, then it is a bad signature', async () => {
    const { privateKeyPem } = await mintKey(google.projectId, google.credential.clientEmail);
    expect(await exchangeWith({ privateKeyPem })).toMatchObject(BAD_SIGNATURE);
  });

  it('when it names an unknown key, then it is a bad signature', async () => {
    expect(await exchangeWith({ header: { kid: 'f'.repeat(40) } })).toMatchObject(BAD_SIGNATURE);
  });

  it('when it is signed by no algorithm, or by HMAC with the public key, then it is refused', async () => {
    const claims = { iss: google.credential.clientEmail, scope: 'https://www.googleapis.com/auth/cloud-platform' };
    const unsigned = new UnsecuredJWT({ ...claims, aud: 'https://oauth2.googleapis.com/token' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .encode();
    const publicKey = await crypto.subtle.importKey(
      'jwk',
      await crypto.subtle
        .exportKey('jwk', await importPKCS8(google.credential.privateKeyPem, 'RS256', { extractable: true }))
        .then(({ kty, n, e }) => ({ kty, n, e }) as JsonWebKey),
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      true,
      ['verify'],
    );
    const confused = await new SignJWT({ ...claims, aud: 'https://oauth2.googleapis.com/token' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(await exportSPKI(publicKey)));
    expect((await exchange(unsigned)).status).toBe(400);
    expect(await exchange(confused)).toMatchObject(BAD_SIGNATURE);
  });

  it('when its times are anything but now and at most an hour, give or take five minutes, then it is refused', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const nowS = Math.floor(Date.now() / 1000);
    const isReasonable = (iatS: number, lifeS: number) => iatS <= 300 && lifeS > 0 && lifeS <= 3600 && iatS + lifeS + 300 > 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -8000, max: 1000 }), fc.integer({ min: -100, max: 4000 }), async (iatS, lifeS) => {
        const answer = await exchangeWith({ claims: { iat: nowS + iatS, exp: nowS + iatS + lifeS } });
        if (isReasonable(iatS, lifeS)) expect(answer.status).toBe(200);
        else expect(answer).toMatchObject(BAD_TIMES);
      }),
      { numRuns: 150 },
    );
  });

  it.each([{ iat: undefined }, { exp: undefined }, { iat: '1' }])('when its times are %o, then it is refused', async (claims) => {
    expect(await exchangeWith({ claims })).toMatchObject(BAD_TIMES);
  });

  it.each([{ scope: undefined }, { scope: '' }, { scope: 'cloud-platform' }, { target_audience: '' }])(
    'when it asks for %o, then it is invalid_scope',
    async (claims) => {
      expect(await exchangeWith({ claims })).toMatchObject(BAD_SCOPE);
    },
  );

  it('when it is of another account, then the account is not found', async () => {
    const assertion = await signAssertion(await mintCredential());
    expect(await exchange(assertion)).toMatchObject({ body: { error_description: 'Invalid grant: account not found' } });
  });

  it('when its issuer is no address, then that is said', async () => {
    expect(await exchangeWith({ claims: { iss: 'me' } })).toMatchObject({
      body: { error_description: 'Not a valid email or user ID.' },
    });
  });

  it('when it asks for another subject, then the account is not authorized to', async () => {
    expect(await exchangeWith({ claims: { sub: 'admin@example.com' } })).toMatchObject({
      status: 401,
      body: { error: 'unauthorized_client' },
    });
  });

  it.each(['', 'abc', 'a.b.c', '...'])('when it is %j, then it is refused', async (assertion) => {
    expect((await exchange(assertion)).status).toBe(400);
  });
});

describe('given a request that is no assertion', () => {
  it('when the grant type is another, then it is unsupported_grant_type', async () => {
    expect(await postToken(google.handler('oauth2'), { grant_type: 'client_credentials' })).toEqual({
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'Invalid grant_type: client_credentials' },
    });
  });

  it('when the grant type is missing, then it is invalid_request', async () => {
    expect(await postToken(google.handler('oauth2'), {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('when the form is too large, then it is invalid_request', async () => {
    expect(await exchange('a'.repeat(70_000))).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('when the path or method is another, then it is a 404', async () => {
    const { status } = await google.handler('oauth2')(new Request('https://oauth2.googleapis.com/token'));
    expect(status).toBe(404);
  });
});
