import { describe, expect, test } from 'vitest';
import type { AwsCredential } from '../../../mocks/aws/credential.ts';
import { createCredentialStore } from '../../../mocks/shared/credential-store.ts';
import { createSecretEndpoint } from '../../../mocks/shared/secret-endpoint.ts';

const credential: AwsCredential = { provider: 'aws', accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const endpoint = createSecretEndpoint(
  createCredentialStore(credential, async () => credential),
  'opens',
);
const ask = (path: string, authorization?: string, method = 'GET') =>
  endpoint(new Request(`http://secrets.test${path}`, { method, headers: authorization ? { authorization } : {} }));

describe('the secret store', () => {
  test('hands the credential to who has the workload’s bearer token', async () => {
    const response = await ask('/credential', 'Bearer opens');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ credential });
  });

  test.each([undefined, 'Bearer guessed', 'Bearer ', 'opens', 'Basic opens'])('is closed to %j', async (authorization) => {
    const response = await ask('/credential', authorization);
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('secret"');
  });

  test.each([
    ['GET', '/'],
    ['GET', '/credential/other'],
    ['POST', '/credential'],
  ])('has nothing at %s %s', async (method, path) => {
    expect((await ask(path, 'Bearer opens', method)).status).toBe(404);
  });
});
