import { describe, expect, it } from 'vitest';
import { costWithin } from '../../../harness/verdict/usage.ts';
import { aUsageSample } from '../../support/records.ts';

const usage = [aUsageSample(0, 5), aUsageSample(10_000, 6), aUsageSample(20_000, 9), aUsageSample(30_000, 9.5)];

describe('costWithin', () => {
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
    const two = (atMs: number, costUsd: number) => ({
      atMs,
      rows: [
        { ...first!, costUsd },
        { ...first!, region: 'eu-west-1', costUsd },
      ],
    });
    expect(costWithin([two(0, 1), two(1000, 2)], [{ startMs: 0, endMs: 1000 }])).toBeCloseTo(2);
  });

  it('given fewer than two readings, then there is no cost to tell', () => {
    expect(costWithin([aUsageSample(0, 1)], [{ startMs: 0, endMs: 1000 }])).toBeNull();
  });
});
