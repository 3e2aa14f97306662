import { describe, expect, test } from 'vitest';
import type { AwsCredential } from '../../../mocks/aws/credential.ts';
import { createInferenceBackend } from '../../../mocks/inference/backend.ts';
import { assembleEmulator } from '../../../mocks/shared/assemble.ts';
import { createCredentialStore } from '../../../mocks/shared/credential-store.ts';
import { stubModels } from '../../support/model.ts';

const credential: AwsCredential = { provider: 'aws', accessKeyId: 'AKIA', secretAccessKey: '' };

const given = (hasRevokeTokens = false) => {
  const backends = ['us-east-1', 'eu-west-1'].map((region) =>
    createInferenceBackend(
      'sagemaker-runtime',
      {
        region,
        capacity: { serviceTimeMs: 0, serviceTimeSigma: 0, concurrency: 1, queueLimit: 0 },
        instanceUsdPerHour: 2,
        instanceType: 'ml.g5.xlarge',
      },
      'digits',
      stubModels,
    ),
  );
  const calls: string[] = [];
  const credentials = createCredentialStore(credential, async () => credential);
  const emulator = assembleEmulator({
    provider: 'aws',
    endpoints: [],
    backends,
    credentials,
    expireTokens: () => void calls.push('expire'),
    ...(hasRevokeTokens ? { revokeTokens: () => void calls.push('revoke') } : {}),
  });
  const prices = () => backends.map(({ usdPerHour }) => usdPerHour);
  return { emulator, credentials, calls, prices };
};

describe('control commands', () => {
  test.each([
    ['us-east-1', 'sagemaker-runtime', [6, 2]],
    ['us-east-1', '*', [6, 2]],
    ['*', 'sagemaker-runtime', [6, 6]],
    ['*', '*', [6, 6]],
  ])('set the price where region %s and service %s match', async (region, service, expected) => {
    const { emulator, prices } = given();
    await emulator.control({ type: 'set-price-multiplier', region, service, multiplier: 3 });
    expect(prices()).toEqual(expected);
  });

  test.each([
    ['mars-1', '*'],
    ['*', 'aiplatform'],
  ])('are refused where nothing matches: %s/%s', async (region, service) => {
    const { emulator, prices } = given();
    const command = { type: 'set-price-multiplier', region, service, multiplier: 3 } as const;
    await expect(emulator.control(command)).rejects.toThrow(new TypeError(`aws has no inference endpoint ${region}/${service}`));
    expect(prices()).toEqual([2, 2]);
  });

  test('expiring tokens leaves the credential as it is', async () => {
    const { emulator, credentials, calls } = given();
    await emulator.control({ type: 'expire-tokens' });
    expect(calls).toEqual(['expire']);
    expect(credentials.active).toBe(credential);
  });

  test.each([
    [false, ['expire']],
    [true, ['revoke']],
  ])('revoking the credential kills its tokens too (a way of its own: %s)', async (hasRevokeTokens, expected) => {
    const { emulator, credentials, calls } = given(hasRevokeTokens);
    await emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect(calls).toEqual(expected);
    expect(credentials.active).toBeNull();
  });

  test('usage has a row for each inference endpoint', () => {
    expect(given().emulator.usage()).toEqual([
      { region: 'us-east-1', service: 'sagemaker-runtime', predictions: 0, costUsd: 0 },
      { region: 'eu-west-1', service: 'sagemaker-runtime', predictions: 0, costUsd: 0 },
    ]);
  });
});
