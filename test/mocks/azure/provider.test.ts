import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AzureCredential, mintCredential, rotateCredential } from '../../../mocks/azure/credential.ts';
import { azure } from '../../../mocks/azure/provider.ts';
import { createAzure, EAST, fetchToken, scoreRequest, tokenForm, tokenRequest, WEST_EUROPE } from '../../support/azure.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const BODY = JSON.stringify({ input_data: [rowLabelled(1)] });

const given = async () => {
  const created = await createAzure({ capacity: { serviceTimeMs: 0 } });
  const score = async (bearer: string, region = EAST) =>
    (await created.handler('ml-online-endpoint', region)(scoreRequest(bearer, BODY))).status;
  const askToken = async (credential: AzureCredential) => {
    const response = await created.handler('entra')(tokenRequest(credential.tenantId, tokenForm(credential)));
    return response.ok ? 'token' : ((await response.json()) as { error_codes: number[] }).error_codes[0];
  };
  return { ...created, score, askToken };
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a credential looks like those that Azure gives, and is never the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constant(null), async () => {
      const credential = await mintCredential();
      expect(credential.tenantId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(credential.clientSecret).toMatch(/^[A-Za-z0-9]{3}\dQ~[A-Za-z0-9_.~-]{34}$/);
      expect(credential.endpointKey).toMatch(/^[A-Za-z0-9]{32}$/);
      const { clientSecret, endpointKey, ...rest } = await rotateCredential(credential);
      expect(clientSecret).not.toBe(credential.clientSecret);
      expect(endpointKey).not.toBe(credential.endpointKey);
      expect(credential).toMatchObject(rest);
    }),
    { numRuns: 20 },
  );
});

describe('the emulator', () => {
  test('has an endpoint for each region, and the global services once', async () => {
    const { emulator } = await given();
    expect(emulator.endpoints.map(({ definition, region }) => `${region}/${definition.service}`)).toEqual([
      `${EAST}/ml-online-endpoint`,
      `${WEST_EUROPE}/ml-online-endpoint`,
      'global/entra',
      'global/retail-prices',
      'global/key-vault',
    ]);
    expect(azure.services.filter(({ needsTls }) => needsTls).map(({ service }) => service)).toEqual(['entra']);
  });

  test('wants a credential of its own', async () => {
    const credential = { provider: 'aws', accessKeyId: 'a', secretAccessKey: 'b' } as const;
    const config = {
      provider: 'azure',
      regions: [],
      credential,
      secretStoreToken: 's',
      endpointName: 'blue',
      model: 'digits',
    } as const;
    await expect(azure.createEmulator(config, { models: stubModels })).rejects.toThrow(TypeError);
  });
});

describe('when the credential is revoked', () => {
  test('secret, key and tokens are dead at once, everywhere', async () => {
    const created = await given();
    const { emulator, credential, score, askToken } = created;
    const token = await fetchToken(created);
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    for (const region of [EAST, WEST_EUROPE]) {
      expect(await score(token, region)).toBe(401);
      expect(await score(credential.endpointKey, region)).toBe(401);
    }
    expect(await askToken(credential)).toBe(7000222);
    expect(await created.readCredential()).toEqual(credential);
  });

  test('the replacement comes when it was ordered, for the same application; the old secret stays dead', async () => {
    const { emulator, credential, score, askToken, readCredential } = await given();
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: 2000 });
    await vi.advanceTimersByTimeAsync(1999);
    expect(await readCredential()).toEqual(credential);
    await vi.advanceTimersByTimeAsync(1);
    const fresh = await readCredential();
    expect(fresh).toMatchObject({ tenantId: credential.tenantId, clientId: credential.clientId });
    expect(await askToken(fresh)).toBe('token');
    expect(await score(fresh.endpointKey)).toBe(200);
    expect(await askToken(credential)).toBe(7000222);
    expect(await score(credential.endpointKey)).toBe(401);
  });

  test('twice, a secret that is two generations old is expired too', async () => {
    const { emulator, credential, askToken } = await given();
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect(await askToken(credential)).toBe(7000222);
    expect(await askToken({ ...credential, clientSecret: 'never' })).toBe(7000215);
  });
});

test('when tokens are expired, the secret and the key stay good', async () => {
  const created = await given();
  const token = await fetchToken(created);
  await created.emulator.control({ type: 'expire-tokens' });
  expect(await created.score(token)).toBe(401);
  expect(await created.score(created.credential.endpointKey)).toBe(200);
  expect(await created.score(await fetchToken(created))).toBe(200);
});

test('a command for a region that it lacks is a TypeError', async () => {
  const { emulator } = await given();
  const command = { type: 'set-quota', region: 'mars', service: '*', requestsPerS: 1 } as const;
  await expect(emulator.control(command)).rejects.toThrow(TypeError);
});
