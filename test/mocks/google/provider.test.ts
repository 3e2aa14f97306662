import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FailureCondition } from '../../../mocks/control.ts';
import { mintCredential, toKeyFile } from '../../../mocks/google/credential.ts';
import { failureResponse } from '../../../mocks/google/errors.ts';
import { google } from '../../../mocks/google/provider.ts';
import { createGoogle, ENDPOINT, JWT_BEARER, postToken, REGIONS, signAssertion } from '../../support/google.ts';
import { stubModels } from '../../support/model.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('given the provider', () => {
  it('when its emulator is created, then each service has its endpoint, and regional ones have one a region', async () => {
    const { emulator } = await createGoogle();
    expect(emulator.endpoints.map(({ definition, region }) => `${region}/${definition.service}:${definition.role}`)).toEqual([
      'us-central1/aiplatform:inference',
      'europe-west4/aiplatform:inference',
      'global/oauth2:token',
      'global/cloudbilling:price',
      'global/secretmanager:secret',
    ]);
    expect(new Set(emulator.endpoints.map(({ definition }) => definition))).toEqual(
      // Key services stand where a scenario has something to encrypt.
      new Set(google.services.filter(({ role }) => role !== 'key')),
    );
  });

  it('when a credential is minted, then it has the parts of a service account key, and no two are the same', async () => {
    const [one, other] = await Promise.all([mintCredential(), mintCredential()]);
    expect(one.privateKeyId).toMatch(/^[0-9a-f]{40}$/);
    expect(one.clientEmail).toBe(`predictor@${one.projectId}.iam.gserviceaccount.com`);
    expect(one.privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n([\w+/=]{1,64}\n)+-----END PRIVATE KEY-----\n$/);
    expect(toKeyFile(one)).toMatchObject({ type: 'service_account', client_id: expect.stringMatching(/^\d{21}$/) });
    expect(other.privateKeyId).not.toBe(one.privateKeyId);
    expect(other.projectId).not.toBe(one.projectId);
  });

  it("when it is given another provider's credential, then it says so", async () => {
    const credential = { provider: 'aws', accessKeyId: 'AKIA', secretAccessKey: 's' } as const;
    const config = {
      provider: 'google',
      regions: REGIONS,
      credential,
      secretStoreToken: 't',
      endpointName: ENDPOINT,
      model: 'digits',
    } as const;
    await expect(google.createEmulator(config, { models: stubModels })).rejects.toThrow('takes a google credential, not aws');
  });
});

describe('given a key that is revoked', () => {
  it('when its replacement is due later, then until then nothing is accepted and the store hands out the dead one', async () => {
    const created = await createGoogle();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const exchange = async () => {
      const assertion = await signAssertion(await created.readCredential());
      return (await postToken(created.handler('oauth2'), { grant_type: JWT_BEARER, assertion })).status;
    };
    expect(await exchange()).toBe(200);

    await created.emulator.control({ type: 'revoke-credential', replacementAfterMs: 5000 });
    expect(await exchange()).toBe(400);
    expect(await created.readCredential()).toEqual(created.credential);

    await vi.advanceTimersByTimeAsync(5000);
    await vi.waitFor(async () => expect(await created.readCredential()).not.toEqual(created.credential));
    expect(await created.readCredential()).toMatchObject({
      projectId: created.credential.projectId,
      clientEmail: created.credential.clientEmail,
    });
    expect(await exchange()).toBe(200);
  });
});

describe('given a failure that every provider has', () => {
  it.each([
    ['unavailable', 503, 'UNAVAILABLE'],
    ['internal', 500, 'INTERNAL'],
    ['throttled', 429, 'RESOURCE_EXHAUSTED'],
    ['model-error', 500, 'INTERNAL'],
  ] as const)('when it is %s, then it is %d %s', async (condition: FailureCondition, code, status) => {
    const response = failureResponse(condition);
    expect(response.status).toBe(code);
    expect(await response.json()).toEqual({ error: { code, status, message: expect.any(String) } });
  });
});
