import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createAzure, fetchToken, ML_SCOPE, tokenForm, tokenRequest } from '../../support/azure.ts';

const OTHER_GUID = '00000000-0000-4000-8000-000000000000';

type Changes = Readonly<Record<string, string | undefined>>;

const given = async () => {
  const created = await createAzure();
  const ask = async (changes: Changes = {}, tenant = created.credential.tenantId, headers: Record<string, string> = {}) => {
    const request = tokenRequest(tenant, tokenForm(created.credential, changes), headers);
    const response = await created.handler('entra')(request);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
  };
  const get = async (path: string) => {
    const response = await created.handler('entra')(new Request(`https://login.test:8443${path}`));
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { ...created, ask, get };
};

describe('a good request to the token endpoint', () => {
  test('is answered as Entra does, and not to be cached', async () => {
    const { ask } = await given();
    const { status, headers, body } = await ask();
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store, no-cache');
    expect(body).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: expect.any(String) });
  });

  test('gives a token that anyone can verify with the published keys', async () => {
    const azure = await given();
    const { body } = await azure.get(`/${azure.credential.tenantId}/discovery/v2.0/keys`);
    const { payload, protectedHeader } = await jwtVerify(await fetchToken(azure), createLocalJWKSet(body as never), {
      audience: 'https://ml.azure.com',
      issuer: `https://sts.windows.net/${azure.credential.tenantId}/`,
    });
    expect(protectedHeader).toMatchObject({ typ: 'JWT', alg: 'RS256' });
    expect(payload).toMatchObject({
      appid: azure.credential.clientId,
      tid: azure.credential.tenantId,
      ver: '1.0',
      roles: ['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action'],
    });
    expect(payload.exp).toBeGreaterThan(Date.now() / 1000 + 3590);
  });

  test('names the audience as the scope wrote it', async () => {
    const azure = await given();
    const token = await fetchToken(azure, 'https://ml.azure.com//.default');
    expect(decodeJwt(token).aud).toBe('https://ml.azure.com/');
  });

  test('may ask for the scopes of OpenID Connect besides, as MSAL for Go does', async () => {
    const azure = await given();
    const token = await fetchToken(azure, `${ML_SCOPE} openid offline_access profile`);
    expect(decodeJwt(token).aud).toBe('https://ml.azure.com');
  });

  test('may identify the application in a Basic header', async () => {
    const { ask, credential } = await given();
    const basic = btoa(`${credential.clientId}:${encodeURIComponent(credential.clientSecret)}`);
    const changes = { client_id: undefined, client_secret: undefined };
    expect((await ask(changes, credential.tenantId, { authorization: `Basic ${basic}` })).status).toBe(200);
  });
});

describe('a bad request to the token endpoint', () => {
  const cases: readonly [what: string, changes: Changes, status: number, error: string, aadsts: number][] = [
    ['without a grant', { grant_type: undefined }, 400, 'invalid_request', 900144],
    ['for another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['without an application', { client_id: undefined }, 400, 'invalid_request', 900144],
    ['of an unknown application', { client_id: OTHER_GUID }, 400, 'unauthorized_client', 700016],
    ['without a scope', { scope: undefined }, 400, 'invalid_request', 900144],
    ['for two scopes', { scope: `${ML_SCOPE} https://graph.microsoft.com/.default` }, 400, 'invalid_scope', 70011],
    ['for no resource', { scope: 'openid profile' }, 400, 'invalid_scope', 70011],
    ['for a delegated scope', { scope: 'https://ml.azure.com/user_impersonation' }, 400, 'invalid_scope', 1002012],
    ['for an unknown resource', { scope: 'https://example.com/.default' }, 400, 'invalid_resource', 500011],
    ['for a resource that only objects have', { scope: 'constructor/.default' }, 400, 'invalid_resource', 500011],
    ['without a secret', { client_secret: undefined }, 401, 'invalid_client', 7000218],
    ['with a wrong secret', { client_secret: 'aaa8Q~wrong' }, 401, 'invalid_client', 7000215],
    ['with an assertion', { client_secret: undefined, client_assertion: 'a.b.c' }, 401, 'invalid_client', 700027],
  ];
  test.each(cases)('%s', async (_what, changes, status, error, aadsts) => {
    const { ask } = await given();
    const refusal = await ask(changes);
    expect(refusal.status).toBe(status);
    expect(refusal.body).toMatchObject({
      error,
      error_codes: [aadsts],
      error_description: expect.stringMatching(new RegExp(`^AADSTS${aadsts}: .+ Trace ID: .+ Correlation ID: .+ Timestamp: `)),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: expect.any(String),
      error_uri: `https://login.microsoftonline.com/error?code=${aadsts}`,
    });
  });

  const tenants: readonly [what: string, tenant: string, aadsts: number][] = [
    ['of an unknown tenant', OTHER_GUID, 90002],
    ['of an unknown domain', 'contoso.onmicrosoft.com', 90002],
    ['of a tenant that is no tenant', 'contoso', 900023],
    ['of an authority for people', 'organizations', 50059],
  ];
  test.each(tenants)('%s', async (_what, tenant, aadsts) => {
    const { ask } = await given();
    expect(await ask({}, tenant)).toMatchObject({ status: 400, body: { error: 'invalid_request', error_codes: [aadsts] } });
  });

  test('in JSON is a form without fields', async () => {
    const { handler, credential } = await given();
    const body = JSON.stringify(Object.fromEntries(tokenForm(credential)));
    const headers = { 'content-type': 'application/json' };
    const url = `http://entra/${credential.tenantId}/oauth2/v2.0/token`;
    const response = await handler('entra')(new Request(url, { method: 'POST', body, headers }));
    expect(await response.json()).toMatchObject({ error_codes: [900144] });
  });

  test('that is too long is not read', async () => {
    const { handler, credential } = await given();
    const form = tokenForm(credential, { padding: 'x'.repeat(100_000) });
    expect((await handler('entra')(tokenRequest(credential.tenantId, form))).status).toBe(413);
  });

  test('gets its correlation id back', async () => {
    const { ask } = await given();
    const refusal = await ask({ client_secret: 'wrong', 'client-request-id': OTHER_GUID });
    expect(refusal.body).toMatchObject({ correlation_id: OTHER_GUID });
  });
});

describe('discovery', () => {
  test('sends clients back to the origin that they asked', async () => {
    const { get, credential } = await given();
    const { status, body } = await get(`/${credential.tenantId}/v2.0/.well-known/openid-configuration`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer: `https://login.microsoftonline.com/${credential.tenantId}/v2.0`,
      token_endpoint: `https://login.test:8443/${credential.tenantId}/oauth2/v2.0/token`,
      jwks_uri: `https://login.test:8443/${credential.tenantId}/discovery/v2.0/keys`,
    });
  });

  test('of version 1.0 names the issuer of the tokens', async () => {
    const { get, credential } = await given();
    const { body } = await get(`/${credential.tenantId}/.well-known/openid-configuration`);
    expect(body.issuer).toBe(`https://sts.windows.net/${credential.tenantId}/`);
  });

  test('of an unknown tenant is refused', async () => {
    const { get } = await given();
    expect(await get(`/${OTHER_GUID}/v2.0/.well-known/openid-configuration`)).toMatchObject({
      status: 400,
      body: { error: 'invalid_tenant', error_codes: [90002] },
    });
  });

  test.each([
    ['login.microsoftonline.com', 200],
    ['login.test:8443', 200],
    ['login.example.com', 400],
  ])('of the instance %s: %i', async (host, status) => {
    const { get, credential } = await given();
    const authority = encodeURIComponent(`https://${host}/${credential.tenantId}/oauth2/v2.0/authorize`);
    const answer = await get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${authority}`);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(
      status === 200
        ? { tenant_discovery_endpoint: `https://${host}/${credential.tenantId}/v2.0/.well-known/openid-configuration` }
        : { error: 'invalid_instance' },
    );
  });
});
