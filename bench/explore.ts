/**
 * Schedules that `squall explore` judges a minute: a 30 s scenario at 50 requests a second over six regions, all fault kinds.
 * `npx node bench/explore.ts [seconds] [workers]`
 */
import { availableParallelism, cpus } from 'node:os';
import Table from 'cli-table3';
import { explore } from '../harness/explore/explore.ts';
import { planRun } from '../harness/run.ts';
import { resolveScenario } from '../harness/scenario/resolve.ts';
import { createSimPool } from '../harness/world/sim/pool.ts';

const GOAL_PER_MINUTE = 1000;
const SECONDS = Number(process.argv[2] ?? 60);
const WORKERS = Number(process.argv[3] ?? Math.min(2, availableParallelism()));

const { scenario, problems } = resolveScenario(
  {
    topology: {
      regions: ['aws/us-east-1', 'google/us-east4', 'azure/eastus', 'aws/us-west-2', 'google/us-central1', 'azure/westus'],
    },
    load: { rate: 50 },
    duration: '30s',
    expect: { all: { availability: { min: 0 } } },
  },
  'bench-explore',
);
if (!scenario) throw new Error(JSON.stringify(problems));

const pool = createSimPool({ workers: WORKERS });
try {
  const result = await explore(planRun(scenario, { seed: 1 }), {
    simulator: pool,
    budget: { type: 'time', ms: SECONDS * 1000 },
    shard: { index: 1, of: 1 },
    width: WORKERS * 2,
    signal: new AbortController().signal,
    nowMs: () => performance.now(),
  });
  const perMinute = (result.runs * 60_000) / result.elapsedMs;
  const table = new Table({
    head: ['schedules', 'distinct runs', 'seconds', 'runs a minute', 'goal', 'simulated requests a second'],
  });
  table.push([
    result.judged,
    result.runs,
    (result.elapsedMs / 1000).toFixed(1),
    Math.round(perMinute),
    GOAL_PER_MINUTE,
    // Warm-up of 2 s included.
    Math.round((result.runs * 32 * 50 * 1000) / result.elapsedMs),
  ]);
  process.stdout.write(
    `${WORKERS} workers on ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.version}\n${table.toString()}\n`,
  );
  if (result.finding) process.stdout.write(`Found, so that the search ended early: ${JSON.stringify(result.finding, null, 1)}\n`);
} finally {
  await pool.close();
}
