import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CapacityConfig } from '../../../mocks/emulator.ts';
import { CapacityExceeded, createInferenceBackend } from '../../../mocks/inference/backend.ts';
import { ModelInputError, type ModelRuntime } from '../../../mocks/models/runtime.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const USD_PER_HOUR = 3.6;
const HOUR_MS = 3_600_000;
const rows = [rowLabelled(1), rowLabelled(2)];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const given = (capacity: Partial<CapacityConfig> = {}, models: ModelRuntime = stubModels) => {
  const region = {
    region: 'us-east-1',
    capacity: { serviceTimeMs: 100, serviceTimeSigma: 0, concurrency: 1, queueLimit: 2, ...capacity },
    instanceUsdPerHour: USD_PER_HOUR,
    instanceType: 'ml.g5.xlarge',
  };
  const backend = createInferenceBackend('sagemaker-runtime', region, 'digits', models);
  /** Milliseconds from now at which the call is answered, or the reason why it is refused. */
  const answered = (input = rows): Promise<number | string> => {
    const startMs = performance.now();
    return backend.predict(input).then(
      () => performance.now() - startMs,
      (error: unknown) => (error instanceof CapacityExceeded ? error.reason : String(error)),
    );
  };
  return { backend, answered };
};

describe('an inference backend', () => {
  test('holds a slot for the service time: callers wait in line, one more is refused', async () => {
    const { answered } = given();
    const calls = [answered(), answered(), answered(), answered()];
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(calls)).toEqual([100, 200, 300, 'queue-full']);
  });

  test('serves side by side as many as it has slots for', async () => {
    const { answered } = given({ concurrency: 2, queueLimit: 2 });
    const calls = [answered(), answered(), answered(), answered()];
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(calls)).toEqual([100, 100, 200, 200]);
  });

  test.each([
    [40, 100],
    [250, 250],
  ])('counts the %d ms that the model itself takes towards the service time: answered after %d ms', async (modelMs, expected) => {
    const { answered } = given(
      {},
      {
        async predict(model, inputs) {
          await new Promise((resolve) => setTimeout(resolve, modelMs));
          return stubModels.predict(model, inputs);
        },
      },
    );
    const call = answered();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await call).toBe(expected);
  });

  test('throttles above its quota, and no longer when the quota is lifted', async () => {
    const { backend, answered } = given({ serviceTimeMs: 0, queueLimit: 100 });
    backend.setQuota(2);
    expect(await Promise.all([answered(), answered(), answered()])).toEqual([0, 0, 'quota']);
    await vi.advanceTimersByTimeAsync(500);
    expect(await Promise.all([answered(), answered()])).toEqual([0, 'quota']);
    backend.setQuota(null);
    expect(await Promise.all([answered(), answered(), answered()])).toEqual([0, 0, 0]);
  });

  test('lets a wrong input through as the caller’s mistake, without counting it, and frees its slot', async () => {
    const { backend, answered } = given();
    await expect(backend.predict([[1, 2]])).rejects.toThrow(ModelInputError);
    const call = answered();
    await vi.advanceTimersByTimeAsync(100);
    expect(await call).toBe(100);
    expect(backend.usage().predictions).toBe(2);
  });
});

describe('the meter of a backend', () => {
  test('counts rows as predictions, and bills slot time at the instance price shared by its slots', async () => {
    const { backend } = given({ concurrency: 4 });
    const calls = [backend.predict(rows), backend.predict([rowLabelled(3)])];
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(calls);
    expect(backend.usage()).toEqual({
      region: 'us-east-1',
      service: 'sagemaker-runtime',
      predictions: 3,
      costUsd: expect.closeTo((2 * 100 * USD_PER_HOUR) / 4 / HOUR_MS, 12),
    });
  });

  test('bills each prediction at the price in force when it is served', async () => {
    const { backend } = given({ queueLimit: 10 });
    const costOfOne = async () => {
      const before = backend.usage().costUsd;
      const call = backend.predict(rows);
      await vi.advanceTimersByTimeAsync(100);
      await call;
      return backend.usage().costUsd - before;
    };
    const normal = await costOfOne();
    backend.setPriceMultiplier(8);
    expect(backend.usdPerHour).toBe(USD_PER_HOUR * 8);
    expect(await costOfOne()).toBeCloseTo(normal * 8, 12);
    backend.setPriceMultiplier(1);
    expect(await costOfOne()).toBeCloseTo(normal, 12);
  });

  test('does not bill what was refused', async () => {
    const { backend, answered } = given({ queueLimit: 0 });
    const calls = [answered(), answered()];
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all(calls)).toEqual([100, 'queue-full']);
    expect(backend.usage()).toMatchObject({ predictions: 2, costUsd: expect.closeTo((100 * USD_PER_HOUR) / HOUR_MS, 12) });
  });
});
