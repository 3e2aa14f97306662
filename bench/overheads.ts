/**
 * What computing adds to a request in live, by which `harness/world/sim/run/overheads.ts` is set: the same load in both worlds, where nothing else differs.
 *
 *     npx node bench/overheads.ts [rounds, default 3]
 *
 * Two kinds of request: one that the gateway answers by itself, which tells the gateway's part, and one that a region answers in a constant service
 * time, which tells the wire's on top of it. Medians are compared: live less sim, plus what sim has. Run it on an idle machine: ten seconds of live for each.
 */
import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { planRun } from '../harness/run.ts';
import { resolveScenario } from '../harness/scenario/resolve.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';
import { latencyMsOf } from '../harness/verdict/facts.ts';
import { liveWorld } from '../harness/world/live/live-world.ts';
import { createSimPool } from '../harness/world/sim/pool.ts';
import { OVERHEADS } from '../harness/world/sim/run/overheads.ts';
import type { RunRecord } from '../harness/world/world.ts';
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

/** Latencies of a run's answers, milliseconds, in order. Warm-up is left out. */
const latenciesOf = ({ requests, end }: RunRecord): readonly number[] => {
  if (end.type !== 'completed') throw new Error(`A run ended early: ${JSON.stringify(end)}`);
  return requests
    .filter(({ dueMs, outcome }) => dueMs >= 0 && outcome === 'ok')
    .map(latencyMsOf)
    .toSorted((a, b) => a - b);
};

const QUANTILES = [0.1, 0.5, 0.9, 0.99];
const quantilesOf = (sorted: readonly number[]): readonly number[] =>
  QUANTILES.map((quantile) => sorted[Math.floor(quantile * (sorted.length - 1))]!);

/** Quantiles of both worlds, milliseconds; live's are medians over its runs. */
const measure = async (scenario: Scenario): Promise<{ readonly live: readonly number[]; readonly sim: readonly number[] }> => {
  const pool = createSimPool({ workers: 1 });
  const plan = planRun(scenario, { seed: 1 });
  const sim = quantilesOf(latenciesOf(await pool.run(plan)));
  await pool.close();
  const runs: (readonly number[])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const loadAverage = loadavg()[0]!;
    const quantiles = quantilesOf(latenciesOf(await liveWorld.run(plan, {})));
    runs.push(quantiles);
    const shown = quantiles.map((ms) => ms.toFixed(2)).join(' ');
    process.stderr.write(`${scenario.name}: live ${shown} ms, load average before ${loadAverage.toFixed(2)}\n`);
  }
  return { live: QUANTILES.map((_, index) => medianOf(runs.map((quantiles) => quantiles[index]!))), sim };
};

const machine = describeMachine();
const table = new Table({
  head: ['answered by', 'world', ...QUANTILES.map((quantile) => `p${quantile * 100} ms`)],
  style: { head: [], border: [] },
});
/** Median of live less that of sim. */
const differenceOf = async (scenario: Scenario): Promise<number> => {
  const { live, sim } = await measure(scenario);
  table.push([scenario.name, 'live', ...live.map((ms) => ms.toFixed(2))], ['', 'sim', ...sim.map((ms) => ms.toFixed(2))]);
  const median = QUANTILES.indexOf(0.5);
  return live[median]! - sim[median]!;
};

const atGatewayMs = await differenceOf(local);
const atLinks: number[] = [];
for (const scenario of served) atLinks.push(await differenceOf(scenario));
console.log(machineLine(machine));
console.log(`Medians of ${ROUNDS} live runs.`);
console.log(table.toString());
console.log(`gatewayMs ${(OVERHEADS.gatewayMs + atGatewayMs).toFixed(2)} (set: ${OVERHEADS.gatewayMs})`);
console.log(
  `wireMs ${atLinks.map((ms) => (OVERHEADS.wireMs + ms - atGatewayMs).toFixed(2)).join(', ')} (set: ${OVERHEADS.wireMs})`,
);
