/**
 * One queue in squall's simulated world and in SimPy: what a simulated request costs in each. squall's runs the real gateway, signatures, emulator and model;
 * beside it the emulators' slots and the clock alone, which is what SimPy's model has.
 *
 *     npx node bench/queue.ts [runs, default 5]
 *
 * Needs Python 3.8 or newer with venv; SimPy is installed into a folder for temporary files. Exit code 1 when the models are not the same queue.
 */
import Table from 'cli-table3';
import { createSimPool } from '../harness/world/sim/pool.ts';
import { medianOf } from './agreement/figures.ts';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';
import { differences, figuresOf, TOLERANCE } from './queue/compare.ts';
import { QUEUE, type QueueRun } from './queue/parameters.ts';
import { runSimpy } from './queue/simpy.ts';
import { runSlots } from './queue/slots.ts';
import { runSquall } from './queue/squall.ts';

sayProblems();
const RUNS = Number(process.argv[2] ?? 5);
if (!Number.isInteger(RUNS) || RUNS < 1) throw new BenchProblem('Runs: expected a whole number from 1 on.');
const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);

const inTurn = async (run: (seed: number) => Promise<QueueRun>): Promise<readonly QueueRun[]> => {
  const runs: QueueRun[] = [];
  for (const seed of seeds) runs.push(await run(seed));
  return runs;
};

const machine = describeMachine();
const slots = await inTurn((seed) => runSlots(QUEUE, seed));
const simpy = await runSimpy(
  QUEUE,
  slots.map(({ requests }) => requests),
);
const pool = createSimPool({ workers: 1 });
let squall: readonly QueueRun[];
try {
  squall = await inTurn((seed) => runSquall(pool, QUEUE, seed));
} finally {
  await pool.close();
}

const peer = `SimPy ${simpy.simpy}, Python ${simpy.python}`;
const models: readonly (readonly [string, readonly QueueRun[]])[] = [
  [peer, simpy.runs],
  ['squall, slots and clock alone', slots],
  ['squall, full stack', squall],
];
const usPerRequest = ({ tookMs, requests }: QueueRun): number => (tookMs * 1000) / requests;
const costOf = (runs: readonly QueueRun[]): number => medianOf(runs.map(usPerRequest));

const table = new Table({
  head: ['model', 'us a request', 'first run', 'requests/s', "SimPy's time / its", 'utilisation', 'mean wait ms', 'throttled'],
  style: { head: [], border: [] },
});
for (const [name, runs] of models) {
  const { utilisation, meanWaitMs, throttledShare } = figuresOf(runs);
  table.push([
    name,
    costOf(runs).toFixed(1),
    usPerRequest(runs[0]!).toFixed(1),
    Math.round(1e6 / costOf(runs)),
    (costOf(simpy.runs) / costOf(runs)).toFixed(2),
    `${(utilisation * 100).toFixed(2)} %`,
    meanWaitMs.toFixed(2),
    `${(throttledShare * 100).toFixed(2)} %`,
  ]);
}

const { ratePerS, durationMs, serviceTimeMs, serviceTimeSigma, concurrency, queueLimit } = QUEUE;
console.log(machineLine(machine));
console.log(
  `${ratePerS} requests/s for ${durationMs / 1000} s, service time ${serviceTimeMs} ms (sigma ${serviceTimeSigma}), ${concurrency} slots, ${queueLimit} queue places; ` +
    `median of ${RUNS} runs each, and the first with its start-up.\nThe same queue: utilisation within ${TOLERANCE.utilisation * 100} point, ` +
    `throttled within ${TOLERANCE.throttledShare * 100} points, mean wait within ${TOLERANCE.meanWait * 100} %.`,
);
console.log(table.toString());
const problems = models
  .slice(1)
  .flatMap(([name, runs]) =>
    differences(figuresOf(runs), figuresOf(simpy.runs)).map((text) => `${name} is another queue than SimPy's: ${text}`),
  );
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
