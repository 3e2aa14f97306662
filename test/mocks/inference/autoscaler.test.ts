import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAutoscaler } from '../../../mocks/inference/autoscaler.ts';
import type { ScalingConfig, ScalingRuleName } from '../../../mocks/inference/deployment.ts';
import { createFleet } from '../../../mocks/inference/fleet.ts';
import { scalingRules } from '../../../mocks/inference/scaling/rules.ts';

const STARTUP_MS = 2000;
const SLOTS = 4;
const rules = Object.keys(scalingRules) as readonly ScalingRuleName[];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const given = (config: Partial<ScalingConfig> = {}) => {
  const scaling: ScalingConfig = {
    rule: 'target-tracking',
    min: 1,
    max: 5,
    metric: 'concurrency',
    utilization: 0.5,
    targetPerS: 10,
    periodMs: 1000,
    metricDelayMs: 0,
    scaleOutPeriods: 3,
    scaleInPeriods: 5,
    scaleOutCooldownMs: 3000,
    scaleInCooldownMs: 3000,
    ...config,
  };
  let most = 0;
  const fleet = createFleet({
    instances: scaling.min,
    concurrency: SLOTS,
    queueLimit: 100,
    startupMs: STARTUP_MS,
    announce: () => undefined,
    onCount: () => undefined,
  });
  const autoscaler = createAutoscaler(scaling, SLOTS, fleet);
  /** Keeps so many slots busy from now on: each prediction is followed by the next. */
  const load = { wanted: 0, running: 0 };
  const keepBusy = () => {
    most = Math.max(most, fleet.size.wanted);
    while (load.running < load.wanted) {
      load.running += 1;
      void fleet
        .run(() => new Promise((resolve) => setTimeout(resolve, 100)))
        .finally(() => {
          load.running -= 1;
          keepBusy();
        });
    }
  };
  const busy = (slots: number) => {
    load.wanted = slots;
    keepBusy();
  };
  return { fleet, autoscaler, busy, mostWanted: () => most };
};

describe.each(rules)('an autoscaler by %s', (rule) => {
  test('adds instances while there is too much to do, and takes them away when there is not, within its bounds', async () => {
    const { fleet, busy } = given({ rule });
    busy(7);
    await vi.advanceTimersByTimeAsync(20_000);
    // Seven slots at half use of four each: four instances. Steps of two stop at the first that is enough.
    expect(fleet.size.wanted).toBeGreaterThanOrEqual(4);
    expect(fleet.size.wanted).toBeLessThanOrEqual(5);
    busy(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fleet.size.wanted).toBe(1);
  });

  test('never wants fewer than the minimum or more than the maximum, whatever the load', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.nat(3),
        fc.array(fc.record({ slots: fc.nat(40), forMs: fc.integer({ min: 100, max: 9000 }) }), { maxLength: 8 }),
        async (min, more, loads) => {
          const { fleet, busy } = given({ rule, min, max: min + more });
          for (const { slots, forMs } of loads) {
            busy(slots);
            for (let ms = 0; ms < forMs; ms += 500) {
              await vi.advanceTimersByTimeAsync(500);
              const { wanted, serving, starting } = fleet.size;
              expect(wanted).toBeGreaterThanOrEqual(min);
              expect(wanted).toBeLessThanOrEqual(min + more);
              expect(serving + starting).toBe(wanted);
            }
          }
          busy(0);
          vi.clearAllTimers();
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('target tracking', () => {
  test('adds nothing before the metric has been high for its periods, and then all that is needed at once', async () => {
    const { fleet, busy } = given();
    busy(4);
    await vi.advanceTimersByTimeAsync(2900);
    expect(fleet.size.wanted).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(fleet.size).toMatchObject({ wanted: 2, serving: 1, starting: 1 });
  });

  test('leaves the number alone while instances start', async () => {
    const { fleet, busy } = given({ scaleOutPeriods: 1, scaleOutCooldownMs: 0 });
    busy(4);
    await vi.advanceTimersByTimeAsync(1100);
    busy(40);
    await vi.advanceTimersByTimeAsync(1700);
    expect(fleet.size.wanted).toBe(2);
    await vi.advanceTimersByTimeAsync(2000);
    expect(fleet.size.wanted).toBe(5);
  });

  test('sees the metric late by its delay', async () => {
    const { fleet, busy } = given({ metricDelayMs: 2000 });
    busy(4);
    await vi.advanceTimersByTimeAsync(4900);
    expect(fleet.size.wanted).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(fleet.size.wanted).toBe(2);
  });

  test('counts requests where it goes by them', async () => {
    const { fleet, autoscaler } = given({ metric: 'invocations', targetPerS: 10, scaleOutPeriods: 1 });
    for (let request = 0; request < 35; request += 1) autoscaler.onRequest();
    await vi.advanceTimersByTimeAsync(1000);
    expect(fleet.size.wanted).toBe(4);
  });
});

describe('a window of recommendations', () => {
  test('holds the highest of the window, so that a dip takes nothing away', async () => {
    const { fleet, busy } = given({ rule: 'window', scaleInPeriods: 10 });
    busy(7);
    await vi.advanceTimersByTimeAsync(12_000);
    const { wanted } = fleet.size;
    busy(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(fleet.size.wanted).toBe(wanted);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fleet.size.wanted).toBe(1);
  });
});
