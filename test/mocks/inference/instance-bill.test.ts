import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RegionConfig } from '../../../mocks/emulator.ts';
import { createCapacity } from '../../../mocks/inference/create-capacity.ts';
import type { ScalingConfig } from '../../../mocks/inference/deployment.ts';
import { createMeter } from '../../../mocks/inference/meter.ts';

const HOUR_MS = 3_600_000;
const SPOT_USD = 0.9;
const ON_DEMAND_USD = 3.6;

const scaling: ScalingConfig = {
  rule: 'window',
  min: 1,
  max: 5,
  metric: 'concurrency',
  utilization: 0.5,
  targetPerS: 10,
  periodMs: 600,
  metricDelayMs: 0,
  scaleOutPeriods: 1,
  scaleInPeriods: 3,
  scaleOutCooldownMs: 0,
  scaleInCooldownMs: 0,
};

const region: RegionConfig = {
  region: 'us-east-1',
  capacity: { serviceTimeMs: 100, serviceTimeSigma: 0, concurrency: 2, queueLimit: 50, startupMs: 1000 },
  instanceType: 'ml.g4dn.xlarge',
  instanceUsdPerHour: SPOT_USD,
  billing: {
    mode: 'provisioned',
    instances: 1,
    onDemandUsdPerHour: ON_DEMAND_USD,
    requestUsdPerS: 0,
    usdPerRequest: 0,
    egressUsdPerGb: 0,
    storageUsdPerHour: 0,
  },
  deployment: {
    type: 'instances',
    slots: 2,
    instances: 1,
    scaling,
    spot: { onDemandBase: 1, drainOnNotice: true, drainMs: 200, fallsBack: true },
  },
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the bill of a fleet is the time of its instances, each at the price of its market, while it scales and is reclaimed', async () => {
  const step = fc.record({
    requests: fc.nat(30),
    passMs: fc.integer({ min: 1, max: 3000 }),
    event: fc.constantFrom('none', 'none', 'shortage', 'reclaim', 'plenty'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const meter = createMeter('sagemaker-runtime', region);
      let there = { onDemand: 0, spot: 0 };
      let changedAtMs = performance.now();
      let expectedUsd = 0;
      const count = () => {
        const hours = (performance.now() - changedAtMs) / HOUR_MS;
        expectedUsd += hours * (there.onDemand * ON_DEMAND_USD + there.spot * SPOT_USD);
        changedAtMs = performance.now();
      };
      const capacity = createCapacity(
        region,
        {
          setInstances(onDemand, spot = 0) {
            count();
            there = { onDemand, spot };
            meter.setInstances(onDemand, spot);
          },
        },
        () => undefined,
      );
      for (const { requests, passMs, event } of steps) {
        if (event === 'shortage') capacity.setSpotAvailable(null);
        if (event === 'plenty') capacity.setSpotAvailable(0);
        if (event === 'reclaim') capacity.interrupt({ noticeMs: 1500, share: 1 });
        for (let index = 0; index < requests; index += 1) {
          void capacity.run(() => new Promise((resolve) => setTimeout(resolve, 100))).catch(() => undefined);
        }
        await vi.advanceTimersByTimeAsync(passMs);
      }
      count();
      expect(meter.usage().cost.computeUsd).toBeCloseTo(expectedUsd, 9);
      // One is always there: the base.
      const lastedMs = steps.reduce((sum, { passMs }) => sum + passMs, 0);
      expect(expectedUsd).toBeGreaterThanOrEqual((lastedMs / HOUR_MS) * ON_DEMAND_USD - 1e-12);
      vi.clearAllTimers();
    }),
    { numRuns: 60 },
  );
});
