import { cpus } from 'node:os';
import { planRun } from '../harness/run.ts';
import { loadScenario } from '../harness/scenario/load-scenario.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';
import { createSimPool } from '../harness/world/sim/pool.ts';

/**
 * How fast the simulated world is: 60 s of an outage at 200 requests a second against real time, and whether memory stays flat over a thousand runs.
 *
 *     npx node bench/sim.ts [runs for the memory check, default 1000]
 */
const REPEATS = 5;
const MEMORY_RUNS = Number(process.argv[2] ?? 1000);

const base = await loadScenario('region-outage');

const sized = (durationMs: number, ratePerS: number): Scenario => ({
  ...base,
  durationMs,
  warmupMs: 0,
  load: {
    ...base.load,
    shape: { type: 'open', arrivals: 'poisson', stages: [{ forMs: durationMs, fromPerS: ratePerS, toPerS: ratePerS }] },
  },
  faults: base.faults.map((fault) => ({ ...fault, atMs: durationMs / 4, forMs: durationMs / 3 })),
});

const pool = createSimPool({ workers: 1 });
const plan = planRun(sized(60_000, 200), { seed: 1 });

console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
console.log('60 s of region-outage at 200 requests/s, one thread');
for (let run = 1; run <= REPEATS; run += 1) {
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  const { requests } = await pool.run(plan);
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000;
  console.log(
    `  run ${run}: ${tookMs.toFixed(0)} ms (${cpuMs.toFixed(0)} ms of processor), ${(60_000 / tookMs).toFixed(0)}x real time ` +
      `(${(60_000 / cpuMs).toFixed(0)}x by processor), ${((requests.length / tookMs) * 1000).toFixed(0)} requests/s`,
  );
}

const small = planRun(sized(5_000, 50), { seed: 1 });
console.log(`memory over ${MEMORY_RUNS} runs of 5 s at 50 requests/s`);
for (let run = 0; run <= MEMORY_RUNS; run += 1) {
  await pool.run({ ...small, seed: run });
  if (run % Math.max(1, Math.floor(MEMORY_RUNS / 10)) === 0) {
    console.log(`  after ${String(run).padStart(5)}: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB resident`);
  }
}
await pool.close();
