import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CapacityConfig, EndpointBilling } from '../../../mocks/emulator.ts';
import { CapacityExceeded, createInferenceBackend, type InferenceBackend } from '../../../mocks/inference/backend.ts';
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

const given = (capacity: Partial<CapacityConfig> = {}, models: ModelRuntime = stubModels, billing?: EndpointBilling) => {
  const region = {
    region: 'us-east-1',
    capacity: { serviceTimeMs: 100, serviceTimeSigma: 0, concurrency: 1, queueLimit: 2, ...capacity },
    instanceUsdPerHour: USD_PER_HOUR,
    instanceType: 'ml.g5.xlarge',
    ...(billing ? { billing } : {}),
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
  const HOUR_BILLING = { requestUsdPerS: 0, usdPerRequest: 0, egressUsdPerGb: 0, storageUsdPerHour: 0 };
  const billedBy = (billing: Partial<EndpointBilling>, capacity: Partial<CapacityConfig> = {}) =>
    given(capacity, stubModels, { mode: 'by-use', instances: 1, ...HOUR_BILLING, ...billing });
  const serve = async (backend: InferenceBackend, input = rows) => {
    const call = backend.predict(input);
    await vi.advanceTimersByTimeAsync(100);
    await call;
  };
  const computeUsd = (backend: InferenceBackend) => backend.usage().cost.computeUsd;

  test('counts rows as predictions, and answers and slot time beside them', async () => {
    const { backend } = billedBy({}, { concurrency: 4 });
    const calls = [backend.predict(rows), backend.predict([rowLabelled(3)])];
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(calls);
    expect(backend.usage()).toMatchObject({
      region: 'us-east-1',
      service: 'sagemaker-runtime',
      predictions: 3,
      answers: 2,
      busyMs: 200,
    });
  });

  test('bills a provisioned endpoint by the hour of its instances, used or not', async () => {
    const { backend } = given();
    await vi.advanceTimersByTimeAsync(HOUR_MS / 2);
    expect(computeUsd(backend)).toBeCloseTo(USD_PER_HOUR / 2, 9);
    await serve(backend);
    expect(computeUsd(backend)).toBeCloseTo((USD_PER_HOUR * (HOUR_MS / 2 + 100)) / HOUR_MS, 9);
  });

  test('bills instances from when they stand there, each hour at its price', async () => {
    const { backend } = given();
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    backend.meter.setInstances(3);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    backend.setPriceMultiplier(8);
    expect(backend.usdPerHour).toBe(USD_PER_HOUR * 8);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    backend.meter.setInstances(0);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(computeUsd(backend)).toBeCloseTo(USD_PER_HOUR * (1 + 3 + 3 * 8), 6);
  });

  test('bills use by slot time at the price of the instances shared by their slots', async () => {
    const { backend } = billedBy({ instances: 2 }, { concurrency: 8 });
    await serve(backend);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(computeUsd(backend)).toBeCloseTo((100 * USD_PER_HOUR * 2) / 8 / HOUR_MS, 12);
  });

  test('bills use at the price in force when it is served', async () => {
    const { backend } = billedBy({});
    await serve(backend);
    const normal = computeUsd(backend);
    backend.setPriceMultiplier(8);
    await serve(backend);
    expect(computeUsd(backend)).toBeCloseTo(normal * 9, 12);
    backend.setPriceMultiplier(1);
    await serve(backend);
    expect(computeUsd(backend)).toBeCloseTo(normal * 10, 12);
  });

  test('bills a serverless endpoint by the second of requests, whatever instances cost', async () => {
    const { backend } = billedBy(
      { mode: 'serverless', instances: 0, requestUsdPerS: 0.00002, usdPerRequest: 4e-7 },
      { concurrency: 4 },
    );
    await serve(backend);
    await serve(backend);
    expect(backend.usage().cost).toMatchObject({
      computeUsd: expect.closeTo(0.2 * 0.00002, 12),
      requestsUsd: expect.closeTo(8e-7, 12),
    });
  });

  test('bills warm environments of a serverless endpoint while they wait, at a quarter of what they cost at work', async () => {
    const { backend } = billedBy({ mode: 'serverless', instances: 2, requestUsdPerS: 0.00002 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(computeUsd(backend)).toBeCloseTo(2 * 10 * 0.00002 * 0.25, 12);
  });

  test('bills what is on demand and what is not at its own price', async () => {
    const { backend } = given({}, stubModels, { mode: 'provisioned', instances: 1, ...HOUR_BILLING, onDemandUsdPerHour: 10 });
    backend.meter.setInstances(1, 2);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(computeUsd(backend)).toBeCloseTo(10 + 2 * USD_PER_HOUR, 9);
  });

  test('bills what leaves the region by the byte, and what lies there by the hour', async () => {
    const { backend } = billedBy({ egressUsdPerGb: 0.09, storageUsdPerHour: 0.5 });
    await serve(backend);
    await vi.advanceTimersByTimeAsync(HOUR_MS - 100);
    const { egressBytes, cost } = backend.usage();
    expect(egressBytes).toBeGreaterThan(400);
    expect(cost.egressUsd).toBeCloseTo((egressBytes / 1e9) * 0.09, 15);
    expect(cost.storageUsd).toBeCloseTo(0.5, 9);
  });

  test('does not bill what was refused', async () => {
    const { backend, answered } = given({ queueLimit: 0 }, stubModels, {
      mode: 'by-use',
      instances: 1,
      ...HOUR_BILLING,
      usdPerRequest: 1,
    });
    const calls = [answered(), answered()];
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all(calls)).toEqual([100, 'queue-full']);
    expect(backend.usage()).toMatchObject({
      predictions: 2,
      cost: { computeUsd: expect.closeTo((100 * USD_PER_HOUR) / HOUR_MS, 12), requestsUsd: 1 },
    });
  });

  test('never runs backwards, whatever happens and however often it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('provisioned', 'by-use', 'serverless'),
        fc.array(
          fc.oneof(
            fc.record({ waitMs: fc.integer({ min: 0, max: 10_000 }) }),
            fc.record({ multiplier: fc.double({ min: 0.1, max: 50, noNaN: true }) }),
            fc.record({ instances: fc.integer({ min: 0, max: 5 }) }),
            fc.constant('serve' as const),
          ),
          { maxLength: 12 },
        ),
        async (mode, steps) => {
          const { backend } = billedBy({
            mode,
            requestUsdPerS: 0.1,
            usdPerRequest: 0.1,
            egressUsdPerGb: 1,
            storageUsdPerHour: 1,
          });
          let last = Object.values(backend.usage().cost);
          for (const step of steps) {
            if (step === 'serve') await serve(backend);
            else if ('waitMs' in step) await vi.advanceTimersByTimeAsync(step.waitMs);
            else if ('multiplier' in step) backend.setPriceMultiplier(step.multiplier);
            else backend.meter.setInstances(step.instances);
            const now = Object.values(backend.usage().cost);
            for (const [index, usd] of now.entries()) expect(usd).toBeGreaterThanOrEqual(last[index]!);
            last = now;
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
