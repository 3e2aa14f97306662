import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEnvelope } from '../../../../harness/serving/encryption/envelope.ts';
import { readHeader } from '../../../../harness/serving/encryption/header.ts';
import type { KeyLink } from '../../../../harness/serving/encryption/key-link.ts';
import type { KeyChoice } from '../../../../harness/serving/encryption/key-service.ts';
import { keyServices } from '../../../../harness/serving/encryption/key-services.ts';
import type { ProviderName } from '../../../../mocks/emulator.ts';
import { providers } from '../../../../mocks/providers.ts';
import { stubModels } from '../../../support/model.ts';

const { signal } = new AbortController();
const REGIONS: Readonly<Record<ProviderName, string>> = { aws: 'us-east-1', google: 'us-east4', azure: 'eastus' };
const BINDING = { name: 'model digits', version: '1', tenant: '' };
const PLAIN = new TextEncoder().encode('weights');
const BOUNDS = { cacheMs: 0, usesPerKey: 1 };

/** A provider's emulator behind `fetch`, each endpoint under a name of its own. */
const given = async (provider: ProviderName, keyVersion: KeyChoice['keyVersion'] = 'own') => {
  const definition = providers[provider];
  const region = REGIONS[provider];
  const emulator = await definition.createEmulator(
    {
      provider,
      regions: [
        {
          region,
          capacity: { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 1, queueLimit: 1 },
          instanceUsdPerHour: 1,
          instanceType: 'x',
        },
      ],
      credential: await definition.mintCredential(),
      secretStoreToken: 'open-sesame',
      endpointName: 'digits',
      model: 'digits',
      hasKeys: true,
    },
    { models: stubModels },
  );
  const asked: string[] = [];
  const state = { isDown: false };
  const originOf = (role: string) => `http://${role}.test`;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const request = new Request(url, init);
    const role = new URL(url).hostname.replace('.test', '');
    asked.push(role);
    if (state.isDown && role === 'key') throw new TypeError('connection refused');
    return emulator.endpoints.find((one) => one.definition.role === role)!.fetch(request);
  });
  const link: KeyLink = {
    id: `${provider}/${region}/keys`,
    provider,
    region,
    endpoint: originOf('key'),
    ...(provider === 'aws' ? {} : { tokenEndpoint: originOf('token') }),
    secretEndpoint: originOf('secret'),
    secretStoreToken: 'open-sesame',
  };
  const service = keyServices[provider](link, { keyName: 'squall', keyVersion });
  const onKeys = { region, service: provider === 'azure' ? 'key-vault' : 'kms' };
  return {
    service,
    envelope: createEnvelope(service, BOUNDS),
    asked,
    state,
    rotate: () => emulator.control({ type: 'rotate-keys', ...onKeys }),
    setEnabled: (isEnabled: boolean) => emulator.control({ type: 'set-key-enabled', ...onKeys, isEnabled }),
    expire: () => emulator.control({ type: 'expire-tokens' }),
    permit: (operation: string, isAllowed: boolean) =>
      emulator.control({ type: 'set-permission', service: onKeys.service, operation, isAllowed }),
  };
};

afterEach(() => void vi.unstubAllGlobals());

describe.each(['aws', 'google', 'azure'] as const)('the key service of %s', (provider) => {
  let cloud: Awaited<ReturnType<typeof given>>;
  beforeEach(async () => {
    cloud = await given(provider);
  });

  test('wraps a data key, and gives it back', async () => {
    const sealed = await cloud.envelope.seal(PLAIN, BINDING, signal);
    expect((await cloud.envelope.open(sealed, BINDING, signal)).plaintext).toEqual(PLAIN);
    // One credential, and one token of it, for all calls.
    expect(cloud.asked.filter((role) => role === 'secret')).toHaveLength(1);
  });

  test('reads what was wrapped before a rotation, and wraps it anew', async () => {
    const before = await cloud.envelope.seal(PLAIN, BINDING, signal);
    await cloud.rotate();
    const after = await cloud.envelope.rewrap(before, BINDING, signal);
    expect(readHeader(after).header.key).not.toEqual(readHeader(before).header.key);
    for (const sealed of [before, after]) {
      expect((await cloud.envelope.open(sealed, BINDING, signal)).plaintext).toEqual(PLAIN);
    }
  });

  test('refuses while its key is disabled, and is not asked in vain when it is away', async () => {
    const sealed = await cloud.envelope.seal(PLAIN, BINDING, signal);
    await cloud.setEnabled(false);
    await expect(cloud.envelope.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'refused' });
    await expect(cloud.envelope.seal(PLAIN, BINDING, signal)).rejects.toMatchObject({ kind: 'refused' });
    await cloud.setEnabled(true);
    cloud.state.isDown = true;
    await expect(cloud.envelope.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'unavailable' });
    cloud.state.isDown = false;
    await cloud.envelope.open(sealed, BINDING, signal);
  });

  test('is asked with a fresh credential when the first has ended', async () => {
    const sealed = await cloud.envelope.seal(PLAIN, BINDING, signal);
    await cloud.expire();
    expect((await cloud.envelope.open(sealed, BINDING, signal)).plaintext).toEqual(PLAIN);
  });

  test('refuses whoever has lost the permission', async () => {
    const sealed = await cloud.envelope.seal(PLAIN, BINDING, signal);
    await cloud.permit('*', false);
    await expect(cloud.envelope.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'refused' });
  });
});

test('Azure needs the version that wrapped a data key', async () => {
  const cloud = await given('azure', 'newest');
  const sealed = await cloud.envelope.seal(PLAIN, BINDING, signal);
  await cloud.envelope.open(sealed, BINDING, signal);
  await cloud.rotate();
  await expect(cloud.envelope.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'refused' });
});
