import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, RequestRecord } from '../../../harness/load/sample.ts';
import type { Expectation, Scenario } from '../../../harness/scenario/scenario.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import { metricNames, metrics } from '../../../harness/verdict/metrics.ts';
import { isWithin } from '../../../harness/verdict/phases.ts';
import { aFault, aPlan, aRecord, aRequest, aUsageSample } from '../../support/records.ts';

const DURATION_MS = 3000;

const requests: fc.Arbitrary<readonly RequestRecord[]> = fc.array(
  fc
    .record({
      dueMs: fc.integer({ min: -200, max: DURATION_MS + 200 }),
      latencyMs: fc.double({ min: 0, max: 3000, noNaN: true }),
      outcome: fc.constantFrom<Outcome>('ok', 'ok', 'ok', 'http-error', 'timeout', 'connection-error'),
      degraded: fc.constantFrom('', '', 'rules'),
      isCorrect: fc.constantFrom(true, true, false, null),
    })
    .map(({ latencyMs, ...request }) => aRequest({ ...request, endMs: request.dueMs + latencyMs })),
  { maxLength: 300, size: 'max' },
);

const faults = fc
  .array(fc.record({ atMs: fc.integer({ min: 0, max: DURATION_MS }), forMs: fc.integer({ min: 1, max: DURATION_MS }) }), {
    maxLength: 3,
  })
  .map((spans) => spans.map((span, index) => aFault({ name: `fault-${index}`, ...span })));

/** Bounds about the size of what is measured, so that some are met and some are broken. */
const bound = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 3000, noNaN: true }));

const expectation: fc.Arbitrary<Expectation> = fc
  .record({
    phase: fc.constantFrom('baseline', 'fault-0', 'fault-1', 'recovery', 'all', 'all'),
    metric: fc.constantFrom(...metricNames),
    bound,
    isMax: fc.boolean(),
  })
  .map(({ phase, metric, bound: value, isMax }) => ({ phase, metric, ...(isMax ? { max: value } : { min: value }) }));

const scenario: fc.Arbitrary<Partial<Scenario>> = fc.record({
  durationMs: fc.constant(DURATION_MS),
  faults,
  expectations: fc.array(expectation, { maxLength: 4 }),
  steadyState: fc.array(
    expectation.map((each) => ({ ...each, phase: 'baseline' })),
    { maxLength: 1 },
  ),
});

const record = (drawn: readonly RequestRecord[]) =>
  aRecord({ requests: drawn, usage: [aUsageSample(0, 0), aUsageSample(DURATION_MS, 1)] });

describe('judge, for any run', () => {
  it('counts every request of a phase once among its outcomes', () => {
    fc.assert(
      fc.property(scenario, requests, (given, drawn) => {
        const report = judge(aPlan(given), record(drawn));
        for (const phase of [...report.phases, report.overall]) {
          const members = drawn.filter(({ dueMs }) => isWithin(phase.windows, dueMs));
          const counted = Object.values(phase.outcomes).reduce((sum, count) => sum + count, 0);
          expect([phase.requests, counted]).toEqual([members.length, members.length]);
          expect(Object.values(phase.servedBy).reduce((sum, count) => sum + count, 0)).toBe(phase.succeeded);
        }
      }),
    );
  });

  it('passes if, and only if, every expectation is met', () => {
    fc.assert(
      fc.property(scenario, requests, (given, drawn) => {
        const { verdict, expectations } = judge(aPlan(given), record(drawn));
        expect(verdict.outcome === 'passed').toBe(expectations.every(({ outcome }) => outcome === 'met'));
        if (verdict.outcome !== 'passed') expect(verdict.reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('meets exactly the bounds that the measured number lies within', () => {
    fc.assert(
      fc.property(scenario, requests, (given, drawn) => {
        for (const { outcome, actual, min, max, samples, metric } of judge(aPlan(given), record(drawn)).expectations) {
          if (outcome === 'unmeasurable') continue;
          expect(samples).toBeGreaterThanOrEqual(metrics[metric].minSamples);
          const seen = actual ?? Number.POSITIVE_INFINITY;
          expect(outcome).toBe(seen >= (min ?? seen) && seen <= (max ?? seen) ? 'met' : 'broken');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never turns failed into passed when a bound is made stricter', () => {
    const stricter = (each: Expectation, by: number): Expectation => ({
      ...each,
      ...(each.min === undefined ? {} : { min: each.min + by }),
      ...(each.max === undefined ? {} : { max: each.max - by }),
    });
    fc.assert(
      fc.property(scenario, requests, fc.double({ min: 0, max: 100, noNaN: true }), (given, drawn, by) => {
        const verdictWith = (expectations: readonly Expectation[]) =>
          judge(aPlan({ ...given, expectations }), record(drawn)).verdict.outcome;
        const lenient = given.expectations ?? [];
        if (verdictWith(lenient) !== 'passed') expect(verdictWith(lenient.map((each) => stricter(each, by)))).not.toBe('passed');
      }),
      { numRuns: 300 },
    );
  });

  it('has percentiles that are those of a sorted list, within the three digits of the histogram', () => {
    fc.assert(
      fc.property(requests, (drawn) => {
        const { overall } = judge(aPlan({ durationMs: DURATION_MS, faults: [] }), record(drawn));
        const sortedMs = drawn
          .filter(({ dueMs }) => dueMs >= 0 && dueMs < DURATION_MS)
          .map(({ dueMs, endMs }) => endMs - dueMs)
          .sort((a, b) => a - b);
        expect(overall.latencyMs === null).toBe(sortedMs.length === 0);
        if (!overall.latencyMs) return;
        for (const [name, percent] of [
          ['p50', 50],
          ['p95', 95],
          ['p99', 99],
          ['p999', 99.9],
          ['max', 100],
        ] as const) {
          const exactMs = sortedMs[Math.ceil((sortedMs.length * percent) / 100) - 1]!;
          expect(Math.abs(overall.latencyMs[name] - exactMs)).toBeLessThanOrEqual(exactMs * 0.001 + 0.001);
        }
      }),
    );
  });
});
