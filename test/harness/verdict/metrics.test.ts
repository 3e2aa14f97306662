import { describe, expect, it } from 'vitest';
import { metricNames, metrics } from '../../../harness/verdict/metrics.ts';

describe('metrics', () => {
  it('asks of a percentile for at least five samples beyond it', () => {
    const minSamples = (['p5', 'p50', 'p95', 'p99', 'p999'] as const).map((name) => metrics[name].minSamples);
    expect(minSamples).toEqual([100, 10, 100, 500, 5000]);
  });

  it.each(metricNames)('says of %s what it is, in one sentence, and where it can be expected', (name) => {
    const { summary, phases, minSamples } = metrics[name];
    expect(summary).toMatch(/^[A-Z][^\n]*\.$/);
    expect(phases.length).toBeGreaterThan(0);
    expect(minSamples).toBeGreaterThan(0);
  });
});
