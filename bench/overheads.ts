/**
 * What computing adds to a request in live, by which `harness/world/sim/run/overheads.ts` is set: the same load in both worlds, where nothing else differs.
 *
 *     npx node bench/overheads.ts [rounds, default 3]
 *
 * Two kinds of request: one that the gateway answers by itself, which tells the gateway's part, and one that a region answers in a constant service
 * time, which tells the wire's on top of it. Median latencies; live less sim, plus what sim has. Run it on an idle machine: ten seconds of live for each.
 */
import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { planRun, runScenario } from '../harness/run.ts';
import { resolveScenario } from '../harness/scenario/resolve.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';
import { judge } from '../harness/verdict/judge.ts';
import type { RunReport } from '../harness/verdict/report.ts';
import { liveWorld } from '../harness/world/live/live-world.ts';
import { createSimPool } from '../harness/world/sim/pool.ts';
import { OVERHEADS } from '../harness/world/sim/run/overheads.ts';
import { medianOf } from './agreement/figures.ts';
import { describeMachine, machineLine } from './machine/describe.ts';

const ROUNDS = Number(process.argv[2] ?? 3);
/** Not judged; long enough for breakers and health checks to have found out what they will. */
const WARMUP = '3s';

const scenarioOf = (name: string, region: string, design: object, faults: readonly object[]): Scenario => {
  const { scenario, problems } = resolveScenario(
    {
      topology: { regions: [region], capacity: { serviceTime: '20ms', serviceTimeSigma: 0, concurrency: 16 } },
      design,
      load: { rate: '60/s' },
      warmup: WARMUP,
      duration: '12s',
      faults,
      expect: { all: { availability: { min: 0 } } },
    },
    name,
  );
  if (!scenario) throw new Error(JSON.stringify(problems));
  return scenario;
};

/** The region refuses connections from the start; from then on nothing is asked of it but health checks. */
const local = scenarioOf('local', 'aws/us-east-1', { degrade: { ladder: ['rules'] } }, [
  { kind: 'region-outage', target: '*', at: '0s', for: '12s', mode: 'refuse' },
]);
const served = ['aws/us-east-1', 'google/us-east4', 'azure/eastus'].map((region) => scenarioOf(region, region, {}, []));

const p50Of = ({ overall }: RunReport): number => overall.latencyMs!.p50;

/** Median latencies of both worlds, milliseconds. */
const measure = async (scenario: Scenario): Promise<{ readonly liveMs: number; readonly simMs: number }> => {
  const pool = createSimPool({ workers: 1 });
  const plan = planRun(scenario, { seed: 1 });
  const sim = judge(plan, await pool.run(plan), 'sim');
  await pool.close();
  const live: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const loadAverage = loadavg()[0]!;
    const report = await runScenario(liveWorld, scenario, { seed: 1 });
    if (report.end.type !== 'completed') throw new Error(`${scenario.name}: ${JSON.stringify(report.end)}`);
    live.push(p50Of(report));
    process.stderr.write(
      `${scenario.name}: live p50 ${p50Of(report).toFixed(2)} ms, load average before ${loadAverage.toFixed(2)}\n`,
    );
  }
  return { liveMs: medianOf(live), simMs: p50Of(sim) };
};

const machine = describeMachine();
const table = new Table({ head: ['answered by', 'live p50 ms', 'sim p50 ms', 'live - sim'], style: { head: [], border: [] } });
const differenceOf = async (scenario: Scenario): Promise<number> => {
  const { liveMs, simMs } = await measure(scenario);
  table.push([scenario.name, liveMs.toFixed(2), simMs.toFixed(2), (liveMs - simMs).toFixed(2)]);
  return liveMs - simMs;
};

const atGatewayMs = await differenceOf(local);
const atLinks: number[] = [];
for (const scenario of served) atLinks.push(await differenceOf(scenario));
console.log(machineLine(machine));
console.log(`Medians of ${ROUNDS} live runs.`);
console.log(table.toString());
console.log(`gatewayMs ${(OVERHEADS.gatewayMs + atGatewayMs).toFixed(2)} (set: ${OVERHEADS.gatewayMs})`);
console.log(
  `wireMs ${(OVERHEADS.wireMs + medianOf(atLinks) - atGatewayMs).toFixed(2)} (set: ${OVERHEADS.wireMs}), the median of the regions`,
);
