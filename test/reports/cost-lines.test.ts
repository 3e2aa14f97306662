import { describe, expect, it } from 'vitest';
import { costReport } from '../../harness/verdict/cost-report.ts';
import type { EndpointUsage } from '../../harness/verdict/usage.ts';
import { costLines } from '../../reports/cost-lines.ts';

const row = (region: string, computeUsd: number, predictions = 1000, egressUsd = 0): EndpointUsage => ({
  provider: 'aws',
  region,
  service: 'sagemaker-runtime',
  predictions,
  answers: predictions,
  busyMs: 0,
  egressBytes: 0,
  cost: { computeUsd, requestsUsd: 0, egressUsd, storageUsd: 0 },
});

describe('the cost of a run', () => {
  it('has the dearest endpoint first, a column for each kind that was charged, and the sum', () => {
    const cost = costReport([row('us-east-1', 0.001, 4000, 0.0005), row('eu-central-1', 0.002, 0), row('us-west-2', 0, 0)]);
    expect(costLines(cost, 36_000)).toEqual([
      '$                 served  compute  egress   total      $/1k',
      'aws/eu-central-1       0    0.002       0   0.002         –',
      'aws/us-east-1       4000    0.001  0.0005  0.0015  0.000375',
      'all                 4000    0.003  0.0005  0.0035  0.000875',
      '$0.35 an hour',
    ]);
  });

  it('given more endpoints than a reader follows, says how many are left out', () => {
    const lines = costLines(costReport(Array.from({ length: 15 }, (_, index) => row(`r-${index}`, index + 1))), 1000);
    expect(lines).toContain('and 3 more (reporter json has them all)');
  });

  it('given nothing charged, or meters that were not read, says nothing', () => {
    expect(costLines(costReport([row('us-east-1', 0)]), 1000)).toEqual([]);
    expect(costLines(undefined, 1000)).toEqual([]);
  });
});
