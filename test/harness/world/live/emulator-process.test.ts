import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mintAccess } from '../../../../harness/world/live/credentials.ts';
import { startEmulator } from '../../../../harness/world/live/emulator-process.ts';
import { emulatorConfig } from '../../../../harness/world/live/endpoints.ts';
import { shortPlan } from '../../../support/live-plan.ts';

afterEach(() => void vi.useRealTimers());

const start = async (entry?: URL) => {
  const access = (await mintAccess(['aws'])).get('aws')!;
  const emulator = startEmulator(emulatorConfig(shortPlan(), 'aws', access), entry);
  onTestFinished(() => emulator.stop());
  return { emulator, access };
};

describe('an emulator in a process of its own', () => {
  it('serves each of its endpoints on an origin, carries out commands, and reads its meters', async () => {
    const { emulator, access } = await start();
    const endpoints = await emulator.ready;
    expect(endpoints.map(({ region, service }) => `${region}/${service}`)).toEqual([
      'us-east-1/sagemaker-runtime',
      'global/pricing',
      'global/secretsmanager',
    ]);
    const secrets = endpoints.find(({ service }) => service === 'secretsmanager')!;
    const readSecret = async () => {
      const headers = { authorization: `Bearer ${access.secretStoreToken}` };
      return (await (await fetch(`${secrets.origin}/credential`, { headers })).json()) as { readonly credential: unknown };
    };
    expect((await readSecret()).credential).toEqual(access.credential);

    await emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 });

    expect((await readSecret()).credential).not.toEqual(access.credential);
    expect(await emulator.usage()).toMatchObject([{ region: 'us-east-1', service: 'sagemaker-runtime', predictions: 0 }]);
  });

  it('refuses a command that it does not know the place of', async () => {
    const { emulator } = await start();
    await emulator.ready;
    const nowhere = { type: 'set-quota', region: 'mars-1', service: '*', requestsPerS: 1 } as const;
    await expect(emulator.control(nowhere)).rejects.toThrow('aws has no inference endpoint mars-1/*');
  });

  it('is given up when it does not answer', async () => {
    const { emulator } = await start(new URL('./fixtures/silent-emulator.ts', import.meta.url));
    await emulator.ready;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const usage = expect(emulator.usage()).rejects.toThrow('the emulator did not answer within 5 s');
    await vi.advanceTimersByTimeAsync(5_000);
    await usage;
  });

  it('answers nothing more when it is gone', async () => {
    const { emulator } = await start();
    await emulator.ready;
    await emulator.stop();
    await expect(emulator.usage()).rejects.toThrow(/exited with code 0|was ended by SIGTERM/);
  });
});
