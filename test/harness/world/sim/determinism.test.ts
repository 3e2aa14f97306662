import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../harness/package-root.ts';
import { planRun } from '../../../../harness/run.ts';
import { loadScenario } from '../../../../harness/scenario/load-scenario.ts';
import type { Scenario } from '../../../../harness/scenario/scenario.ts';
import { judge } from '../../../../harness/verdict/judge.ts';
import { createSimPool } from '../../../../harness/world/sim/pool.ts';
import type { RunPlan } from '../../../../harness/world/world.ts';
import { simPlan } from '../../../support/sim-plan.ts';

/** Seeds at the scenario's own rate. More of them: SQUALL_SIM_SEEDS=100 npx vitest run test/harness/world/sim/determinism.test.ts */
const SEEDS = Number(process.env.SQUALL_SIM_SEEDS ?? 1);
/** Runs at a tenth of it, of all scenarios together: every fault, policy and phase of each, with fewer requests between them. */
const THIN_RUNS = 250;
const THIN = 0.1;
const PATIENCE_MS = 120_000 + SEEDS * 60_000;

const scenarios = readdirSync(join(packageRoot, 'scenarios')).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []);

const THIN_SEEDS = Math.max(4, Math.round(THIN_RUNS / scenarios.length));

const one = createSimPool({ workers: 1 });
const other = createSimPool({ workers: 1 });
afterAll(() => Promise.all([one.close(), other.close()]));

/** Everything that a run gives, as bytes. */
const bytesOf = async (pool: typeof one, plan: RunPlan): Promise<string> => {
  const result = await pool.run(plan, { trace: true });
  return JSON.stringify({ report: judge(plan, result, 'sim'), result });
};

/** The same scenario with a share of its load. */
const thinned = (scenario: Scenario, share: number): Scenario => {
  const { shape } = scenario.load;
  if (shape.type !== 'open' || shape.arrivals === 'recorded') return scenario;
  const stages = shape.stages.map((stage) => ({ ...stage, fromPerS: stage.fromPerS * share, toPerS: stage.toPerS * share }));
  return { ...scenario, load: { ...scenario.load, shape: { ...shape, stages } } };
};

describe('a simulated run', () => {
  it.each(scenarios)(
    'of %s is the same for the same seed, byte for byte, in another thread and after other runs',
    async (name) => {
      const scenario = await loadScenario(name);
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const plan = planRun(scenario, { seed });
        const [first, second] = await Promise.all([bytesOf(one, plan), bytesOf(other, plan)]);
        expect(first === second, `${name}, seed ${seed}: two threads`).toBe(true);
        // The other thread has run nothing else in between.
        if (seed === 1) expect((await bytesOf(one, plan)) === first, `${name}, seed ${seed}: twice in a thread`).toBe(true);
      }
    },
    PATIENCE_MS,
  );

  it.each(scenarios)(
    `of %s with less load is the same for the same seed, byte for byte, over ${THIN_SEEDS} seeds`,
    async (name) => {
      const scenario = thinned(await loadScenario(name), THIN);
      const reports = new Set<string>();
      for (let seed = 1; seed <= THIN_SEEDS; seed += 1) {
        const plan = planRun(scenario, { seed });
        const [first, second] = await Promise.all([bytesOf(one, plan), bytesOf(other, plan)]);
        expect(first === second, `${name}, seed ${seed}`).toBe(true);
        reports.add(first);
      }
      expect(reports.size, 'each seed gives a run of its own').toBe(THIN_SEEDS);
    },
    PATIENCE_MS,
  );

  it(
    'is the same in a thread that has run others before',
    async () => {
      const plan = simPlan();
      const fresh = createSimPool({ workers: 1 });
      try {
        await one.run(simPlan({ load: { rate: '20/s' } }, 7));
        expect(await bytesOf(one, plan)).toBe(await bytesOf(fresh, plan));
      } finally {
        await fresh.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'differs with the seed',
    async () => {
      expect(await bytesOf(one, simPlan({}, 1))).not.toBe(await bytesOf(one, simPlan({}, 2)));
    },
    PATIENCE_MS,
  );
});
