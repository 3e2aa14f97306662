import { afterAll, describe, expect, it } from 'vitest';
import { arrivalTimes } from '../../../harness/load/arrivals.ts';
import type { ScenarioFile } from '../../../harness/scenario/schema.ts';
import { createSimPool } from '../../../harness/world/sim/pool.ts';
import { answering, driveToEnd, serveHttp } from '../../support/load.ts';
import { simPlan } from '../../support/sim-plan.ts';

const SEED = 7;
const WARMUP_MS = 200;
const DURATION_MS = 1200;

const loads: readonly (readonly [string, ScenarioFile['load']])[] = [
  ['bursts of Poisson arrivals', { rate: 40, bursts: [{ at: '200ms', for: '100ms', every: '400ms', multiplier: 5 }] }],
  [
    'bursts on a ramp of evenly spaced arrivals',
    { stages: [{ for: '1s', from: 10, to: 60 }], arrivals: 'constant', bursts: [{ at: '500ms', for: '300ms', add: 100 }] },
  ],
  ['a recorded trace', { trace: { gapsUs: '100000 1 333333 0 250000', repeatEvery: '800ms', speed: 1.5 } }],
];

const pool = createSimPool({ workers: 1 });
afterAll(() => pool.close());

describe('the same arrivals come in both worlds', () => {
  it.each(loads)('of %s', { timeout: 60_000 }, async (_what, load) => {
    const plan = simPlan({ load, warmup: `${WARMUP_MS}ms`, duration: `${DURATION_MS}ms`, faults: [] }, SEED);
    const { shape } = plan.scenario.load;
    if (shape.type !== 'open') throw new Error('not an open loop');
    const expected = [...arrivalTimes(shape, { warmupMs: WARMUP_MS, durationMs: DURATION_MS }, SEED)];
    expect(expected.length).toBeGreaterThan(8);

    const { requests } = await pool.run(plan);
    expect(requests.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b)).toEqual(expected);

    const server = await serveHttp(answering());
    try {
      const records = await driveToEnd(server.origin, plan.scenario.load, DURATION_MS, { seed: SEED, warmupMs: WARMUP_MS });
      expect(records.map(({ dueMs }) => dueMs)).toEqual(expected);
    } finally {
      await server.close();
    }
  });
});
