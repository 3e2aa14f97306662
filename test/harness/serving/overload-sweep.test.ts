import { afterAll, describe, expect, it } from 'vitest';
import { judge } from '../../../harness/verdict/judge.ts';
import { createSimPool } from '../../../harness/world/sim/pool.ts';
import { simPlan } from '../../support/sim-plan.ts';

/** Two slots of 40 ms each in three regions; the mean of the log-normal service time is 3 % above its median. */
const CAPACITY_PER_S = (3 * 2 * 1000) / (40 * Math.exp(0.25 ** 2 / 2));

const pool = createSimPool({ workers: 1 });
afterAll(() => pool.close());

const goodputAt = async (times: number, designName = 'reference'): Promise<number> => {
  const plan = simPlan(
    {
      topology: {
        regions: ['aws/us-east-1', 'google/us-east4', 'azure/eastus'],
        capacity: { serviceTime: '40ms', concurrency: 2, queueLimit: 100 },
      },
      design: { admission: {}, routing: { policy: 'least-loaded' }, degrade: false },
      load: { rate: Math.round(CAPACITY_PER_S * times), timeout: '2s', goodWithin: '500ms' },
      warmup: '3s',
      duration: '10s',
      faults: [],
    },
    1,
    designName,
  );
  return judge(plan, await pool.run(plan), 'sim').overall.goodputPerS!;
};

/** What queueing theory promises of a perfect stack: what is asked for, or what there is. */
const possiblePerS = (times: number): number => CAPACITY_PER_S * Math.min(1, times);

describe('goodput under more and more load', { timeout: 240_000 }, () => {
  it.each([0.5, 1, 1.5, 2, 3, 4])('is within a tenth of what is possible at %d times the capacity', async (times) => {
    expect((await goodputAt(times)) / possiblePerS(times)).toBeGreaterThan(0.9);
  });

  it('collapses at twice the capacity where all is taken up', async () => {
    expect((await goodputAt(2, 'no-admission')) / CAPACITY_PER_S).toBeLessThan(0.3);
  });
});
