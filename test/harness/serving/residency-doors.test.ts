import { afterAll, describe, expect, it } from 'vitest';
import { doorNames } from '../../../harness/load/doors/index.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import { createSimPool } from '../../../harness/world/sim/pool.ts';
import { simPlan } from '../../support/sim-plan.ts';

/** `http` is a door of other systems; datasets are read where they lie. */
const PREDICTING = doorNames.filter((door) => door !== 'http' && door !== 'datasets');

const pool = createSimPool({ workers: 1 });
afterAll(() => pool.close());

/** Both regions at home go dark in the middle. */
const content = (door: string) => ({
  topology: { gateway: 'eu-central', regions: ['aws/eu-central-1', 'azure/westeurope', 'aws/us-east-1'] },
  design: { degrade: false, residency: {} },
  load: {
    door,
    rate: '40/s',
    timeout: '4s',
    tenants: [{ name: 'clinic', residency: 'EU' }, { name: 'shop' }],
  },
  duration: '8s',
  faults: [{ kind: 'region-outage', target: ['aws/eu-central-1', 'azure/westeurope'], at: '2s', for: '3s' }],
});

describe('data that has to stay somewhere', () => {
  it.each(PREDICTING)('does, whichever door it comes by: %s', async (door) => {
    const run = async (design: string) => {
      const plan = simPlan(content(door), 3, design);
      return judge(plan, await pool.run(plan), 'sim').residency!;
    };
    const [strict, lax] = [await run('reference'), await run('no-residency')];
    expect(strict.places.filter(({ by }) => by === null)).toEqual([]);
    expect(strict.rows).toBeGreaterThan(50);
    expect(lax.places.filter(({ by }) => by === null)).toMatchObject([
      { tenant: 'clinic', within: 'EU', from: 'DE', to: 'US', link: 'aws/us-east-1/sagemaker-runtime' },
    ]);
  });
});
