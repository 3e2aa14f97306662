import { describe, expect, test } from 'vitest';
import type { AwsCredential } from '../../../mocks/aws/credential.ts';
import { createPermissions } from '../../../mocks/cloud/permissions.ts';
import type { EmulatedEndpoint } from '../../../mocks/emulator.ts';
import { createInferenceBackend } from '../../../mocks/inference/backend.ts';
import { assembleEmulator } from '../../../mocks/shared/assemble.ts';
import { createCredentialStore } from '../../../mocks/shared/credential-store.ts';
import { stubModels } from '../../support/model.ts';

const credential: AwsCredential = { provider: 'aws', accessKeyId: 'AKIA', secretAccessKey: '' };

const RUNTIME: EmulatedEndpoint = {
  definition: {
    service: 'sagemaker-runtime',
    role: 'inference',
    isRegional: true,
    operations: ['InvokeEndpoint'],
    needsTls: false,
  },
  region: 'us-east-1',
  fetch: async () => new Response(null),
};

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
  const permissions = createPermissions();
  const credentials = createCredentialStore(credential, async () => credential);
  const emulator = assembleEmulator({
    provider: 'aws',
    endpoints: [RUNTIME],
    backends,
    credentials,
    permissions,
    expireTokens: () => void calls.push('expire'),
    ...(hasRevokeTokens ? { revokeTokens: () => void calls.push('revoke') } : {}),
  });
  const prices = () => backends.map(({ usdPerHour }) => usdPerHour);
  return { emulator, permissions, credentials, calls, prices };
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

  test('take a permission of one operation or of all, and give it back', async () => {
    const { emulator, permissions } = given();
    const allowed = () => ['InvokeEndpoint', 'InvokeEndpointAsync'].map((name) => permissions.allows('sagemaker-runtime', name));
    const command = { type: 'set-permission', service: 'sagemaker-runtime' } as const;
    await emulator.control({ ...command, operation: 'InvokeEndpoint', isAllowed: false });
    expect(allowed()).toEqual([false, true]);
    await emulator.control({ ...command, operation: '*', isAllowed: false });
    expect(allowed()).toEqual([false, false]);
    await emulator.control({ ...command, operation: '*', isAllowed: true });
    expect(allowed()).toEqual([true, true]);
  });

  test.each([
    [{ type: 'set-permission', service: 'aiplatform', operation: '*', isAllowed: false }, /no service aiplatform/],
    [
      { type: 'set-permission', service: 'sagemaker-runtime', operation: 'Predict', isAllowed: false },
      /sagemaker-runtime has no operation Predict/,
    ],
    [{ type: 'interrupt-instances', region: 'mars' }, /no inference endpoint mars/],
    [{ type: 'set-spot-capacity', region: 'mars', availableAfterMs: 0 }, /no inference endpoint mars/],
  ] as const)('are refused for what the provider lacks: %o', async (command, message) => {
    await expect(given().emulator.control(command)).rejects.toThrow(message);
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
    expect(given().emulator.usage()).toMatchObject([
      { region: 'us-east-1', service: 'sagemaker-runtime', predictions: 0, answers: 0 },
      { region: 'eu-west-1', service: 'sagemaker-runtime', predictions: 0, answers: 0 },
    ]);
  });
});
