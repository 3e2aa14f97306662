/**
 * Runs in a copy of the repository: judges the good design of shipped scenarios in the simulated world, and prints a line of JSON a run.
 *
 *     node scripts/mutate-policies/judge-main.ts '{"scenarios": ["region-outage"], "seeds": [1, 2], "untilTurned": true}'
 */
import { planRun } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { judge } from '../../harness/verdict/judge.ts';
import { createSimPool } from '../../harness/world/sim/pool.ts';

export interface JudgeTask {
  readonly scenarios: readonly string[];
  readonly seeds: readonly number[];
  /** Ends with the first run that does not pass. */
  readonly untilTurned: boolean;
}

export interface JudgedRun {
  readonly scenario: string;
  readonly seed: number;
  readonly outcome: 'passed' | 'failed' | 'invalid';
  readonly reasons: readonly string[];
}

const { scenarios, seeds, untilTurned } = JSON.parse(process.argv[2] ?? '{}') as JudgeTask;
const pool = createSimPool({ workers: 1 });
for (const [name, seed] of scenarios.flatMap((scenario) => seeds.map((one) => [scenario, one] as const))) {
  const plan = planRun(await loadScenario(name), { seed });
  const { verdict } = judge(plan, await pool.run(plan), 'sim');
  const reasons = verdict.outcome === 'passed' ? [] : verdict.reasons;
  console.log(JSON.stringify({ scenario: name, seed, outcome: verdict.outcome, reasons } satisfies JudgedRun));
  if (untilTurned && verdict.outcome !== 'passed') break;
}
await pool.close();
