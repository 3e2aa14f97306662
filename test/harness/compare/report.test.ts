import { describe, expect, it } from 'vitest';
import { aComparison, anInvalidOutcome, anOutcome } from '../../support/comparisons.ts';

const byName = (report: ReturnType<typeof aComparison>) =>
  Object.fromEntries(report.variants.map((variant) => [variant.name, variant]));

describe('the report of a comparison', () => {
  it('gives each design its measures, its verdict and its worst phase', () => {
    const { sound, dead } = byName(aComparison({ sound: [anOutcome(1)], dead: [anOutcome(1, { deadS: 3, costUsd: 2 })] }));
    expect(sound!.verdict).toMatchObject({ outcome: 'passed', passed: 1, reasons: [] });
    expect(sound!.measures.availability).toMatchObject({ median: 1, runs: 1, samples: 3000 });
    expect(sound!.measures.failoverTime).toMatchObject({ median: 0 });
    expect(sound!.measures.costPer1k!.median).toBeCloseTo(1);
    expect(dead!.verdict).toMatchObject({ outcome: 'failed', failed: 1 });
    expect(dead!.verdict.reasons[0]).toContain('availability in region-outage was 70 %');
    expect(dead!.measures.availability!.median).toBeCloseTo(0.9);
    expect(dead!.measures.failoverTime).toMatchObject({ median: 3000 });
    expect(dead!.worstPhase).toEqual({ phase: 'region-outage', metric: 'availability', value: 0.7 });
  });

  it('has on the front what is not both dearer and less available at full quality than another', () => {
    const report = aComparison({
      cheap: [anOutcome(1, { deadS: 3, costUsd: 1 })],
      good: [anOutcome(1, { costUsd: 3 })],
      dear: [anOutcome(1, { costUsd: 4 })],
      degrading: [anOutcome(1, { isDegraded: true, costUsd: 2 })],
    });
    expect(report.variants.filter(({ isOnFront }) => isOnFront).map(({ name }) => name)).toEqual(['cheap', 'good']);
    expect(byName(report).degrading!.measures.availability!.median).toBe(1);
    expect(byName(report).degrading!.measures.fullQuality!.median).toBeCloseTo(2 / 3);
  });

  it('names the degraded share where the phases are alike in availability, and p99 where they are alike in both', () => {
    const { degrading, slow } = byName(
      aComparison({ degrading: [anOutcome(1, { isDegraded: true })], slow: [anOutcome(1, { latencyMs: 90 })] }),
    );
    expect(degrading!.worstPhase).toEqual({ phase: 'region-outage', metric: 'degradedShare', value: 1 });
    expect(slow!.worstPhase).toBeNull();
  });

  it('leaves a design out of the front of which a run could not be judged, and says why', () => {
    const { sound, lost } = byName(
      aComparison(
        { sound: [anOutcome(1), anOutcome(2)], lost: [anOutcome(1, { costUsd: 0.1 }), anInvalidOutcome(2)] },
        { seeds: [1, 2] },
      ),
    );
    expect(lost).toMatchObject({ isOnFront: false, verdict: { outcome: 'invalid', passed: 1, invalid: 1 } });
    expect(lost!.verdict.reasons).toEqual(['steady state: availability in baseline was 12 %, required >= 99 %']);
    expect(lost!.measures.availability).toMatchObject({ median: 1, runs: 1 });
    expect(lost!.runs[1]!.measures.availability).toBeNull();
    expect(sound!.isOnFront).toBe(true);
  });

  it('takes the median of the seeds, in their order, with the lowest and the highest', () => {
    const outcomes = [anOutcome(9, { deadS: 2 }), anOutcome(3), anOutcome(5, { deadS: 1 })];
    const { only } = byName(aComparison({ only: outcomes, other: [anOutcome(3)] }, { seeds: [3, 5, 9] }));
    expect(only!.runs.map(({ seed }) => seed)).toEqual([3, 5, 9]);
    expect(only!.measures.failoverTime).toEqual({ median: 1000, min: 0, max: 2000, runs: 3, samples: 1000 });
    expect(only!.verdict).toMatchObject({ outcome: 'failed', passed: 2, failed: 1 });
  });

  it('shows what was not run as such', () => {
    const report = aComparison({ run: [anOutcome(1)], waiting: [] }, { isInterrupted: true });
    expect(report.end).toEqual({ type: 'interrupted', runs: 1, ofRuns: 2 });
    expect(byName(report).waiting).toMatchObject({
      isOnFront: false,
      worstPhase: null,
      verdict: { outcome: 'not-run' },
      runs: [],
    });
    expect(Object.values(byName(report).waiting!.measures)).toEqual([null, null, null, null, null, null, null]);
  });
});
