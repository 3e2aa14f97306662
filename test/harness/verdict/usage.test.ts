import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costReport } from '../../../harness/verdict/cost-report.ts';
import type { TimeWindow } from '../../../harness/verdict/phases.ts';
import { costOf, totalUsd, usageWithin } from '../../../harness/verdict/usage.ts';
import type { UsageSample } from '../../../harness/world/world.ts';
import { aUsageSample } from '../../support/records.ts';

const costWithin = (samples: readonly UsageSample[], windows: readonly TimeWindow[]) => {
  const rows = usageWithin(samples, windows);
  return rows && totalUsd(costOf(rows));
};

const usage = [aUsageSample(0, 5), aUsageSample(10_000, 6), aUsageSample(20_000, 9), aUsageSample(30_000, 9.5)];

describe('the cost within windows', () => {
  it('is the difference of the meters at the edges, warm-up left out', () => {
    expect(costWithin(usage, [{ startMs: 10_000, endMs: 20_000 }])).toBeCloseTo(3);
    expect(costWithin(usage, [{ startMs: 0, endMs: 30_000 }])).toBeCloseTo(4.5);
  });

  it('adds up over several windows', () => {
    const windows = [
      { startMs: 0, endMs: 10_000 },
      { startMs: 20_000, endMs: 30_000 },
    ];
    expect(costWithin(usage, windows)).toBeCloseTo(1.5);
  });

  it('given a meter that was read a little late, then it reads between the samples', () => {
    const late = [aUsageSample(0, 0), aUsageSample(10_100, 1.01), aUsageSample(30_000, 3)];
    expect(costWithin(late, [{ startMs: 0, endMs: 10_000 }])).toBeCloseTo(1);
  });

  it('sums what all endpoints charged', () => {
    const [first] = aUsageSample(0, 1).rows;
    const two = (atMs: number, computeUsd: number) => {
      const row = { ...first!, cost: { ...first!.cost, computeUsd } };
      return { atMs, rows: [row, { ...row, region: 'eu-west-1' }] };
    };
    expect(costWithin([two(0, 1), two(1000, 2)], [{ startMs: 0, endMs: 1000 }])).toBeCloseTo(2);
  });

  it('given fewer than two readings, then there is no cost to tell', () => {
    expect(costWithin([aUsageSample(0, 1)], [{ startMs: 0, endMs: 1000 }])).toBeNull();
  });
});

/** Meters of endpoints of two providers, which only grow, read at whole seconds. */
const someUsage = fc
  .array(
    fc.record({
      gapMs: fc.integer({ min: 1, max: 20_000 }),
      rows: fc.array(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 }), {
        minLength: 3,
        maxLength: 3,
      }),
      predictions: fc.integer({ min: 0, max: 1000 }),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((steps): readonly UsageSample[] => {
    const samples: UsageSample[] = [];
    for (const { gapMs, rows, predictions } of steps) {
      const before = samples.at(-1);
      samples.push({
        atMs: before ? before.atMs + gapMs : 0,
        rows: rows.map(([computeUsd = 0, requestsUsd = 0, egressUsd = 0, storageUsd = 0], index) => {
          const last = before?.rows[index];
          return {
            provider: index === 0 ? 'aws' : 'google',
            region: `region-${index}`,
            service: 'service',
            predictions: (last?.predictions ?? 0) + predictions,
            answers: (last?.answers ?? 0) + predictions,
            busyMs: 0,
            egressBytes: 0,
            cost: {
              computeUsd: (last?.cost.computeUsd ?? 0) + computeUsd,
              requestsUsd: (last?.cost.requestsUsd ?? 0) + requestsUsd,
              egressUsd: (last?.cost.egressUsd ?? 0) + egressUsd,
              storageUsd: (last?.cost.storageUsd ?? 0) + storageUsd,
            },
          };
        }),
      });
    }
    return samples;
  });

describe('whatever the meters say', () => {
  it('a cut in the time changes no sum: windows that meet cost what they cost together', () => {
    fc.assert(
      fc.property(someUsage, fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
        const endMs = samples.at(-1)!.atMs;
        const cutMs = endMs * share;
        const whole = costWithin(samples, [{ startMs: 0, endMs }])!;
        const parts = [
          { startMs: 0, endMs: cutMs },
          { startMs: cutMs, endMs },
        ];
        expect(costWithin(samples, parts)).toBeCloseTo(whole, 6);
        expect(costWithin(samples, [parts[0]!])! + costWithin(samples, [parts[1]!])!).toBeCloseTo(whole, 6);
      }),
    );
  });

  it('a longer window never costs less', () => {
    fc.assert(
      fc.property(someUsage, fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
        const endMs = samples.at(-1)!.atMs;
        const shorter = costWithin(samples, [{ startMs: 0, endMs: endMs * share }])!;
        expect(costWithin(samples, [{ startMs: 0, endMs }])!).toBeGreaterThanOrEqual(shorter - 1e-9);
      }),
    );
  });

  it('the total is the sum of its kinds, of its providers and of its endpoints', () => {
    fc.assert(
      fc.property(someUsage, (samples) => {
        const report = costReport(usageWithin(samples, [{ startMs: 0, endMs: samples.at(-1)!.atMs }])!);
        const sum = (of: readonly { readonly totalUsd: number }[]) => of.reduce((usd, one) => usd + one.totalUsd, 0);
        const { computeUsd, requestsUsd, egressUsd, storageUsd } = report.parts;
        expect(report.totalUsd).toBe(computeUsd + requestsUsd + egressUsd + storageUsd);
        expect(sum(report.byProvider)).toBeCloseTo(report.totalUsd, 6);
        expect(sum(report.byEndpoint)).toBeCloseTo(report.totalUsd, 6);
        expect(report.byProvider.map(({ name }) => name)).toEqual(['aws', 'google']);
      }),
    );
  });
});
