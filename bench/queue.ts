/**
 * What a simulated request costs in squall's simulated world and in SimPy, by two comparisons:
 *
 * - the bare queue: SimPy, the emulators' slots on squall's clock alone, and squall's full stack with the policies off that would make another queue of it
 * - the stack with its policies on, over two regions: written for SimPy as a model, and squall's full stack, which runs the real gateway, signatures,
 *   HTTP messages, emulators and model
 *
 *     npx node bench/queue.ts [runs, default 5]
 *
 * Needs Python 3.8 or newer with venv; SimPy is installed into a folder for temporary files. Exit code 1 when two models are not of the same thing.
 */
import { createSimPool } from '../harness/world/sim/pool.ts';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';
import { differences, figuresOf, TOLERANCE } from './queue/compare.ts';
import { STACK_TOLERANCE, stackDifferences, stackFiguresOf } from './queue/compare-stack.ts';
import { QUEUE, type QueueParameters, type QueueRun, type TimedRun } from './queue/parameters.ts';
import { runSimpyQueue, runSimpyStack } from './queue/simpy.ts';
import { runSlots } from './queue/slots.ts';
import { runSquall } from './queue/squall.ts';
import { runSquallStack } from './queue/squall-stack.ts';
import { STACK_QUEUE, type StackRun, stackParametersOf, stackPlan } from './queue/stack.ts';
import { type Model, percent, tableOf } from './queue/table.ts';

sayProblems();
const RUNS = Number(process.argv[2] ?? 5);
if (!Number.isInteger(RUNS) || RUNS < 1) throw new BenchProblem('Runs: expected a whole number from 1 on.');
const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);

const inTurn = async <Run>(run: (seed: number) => Promise<Run>): Promise<readonly Run[]> => {
  const runs: Run[] = [];
  for (const seed of seeds) runs.push(await run(seed));
  return runs;
};

/** On a thread of its own, so that neither comparison finds the other's code compiled. */
const inPool = async <Run>(run: (pool: ReturnType<typeof createSimPool>, seed: number) => Promise<Run>) => {
  const pool = createSimPool({ workers: 1 });
  try {
    return await inTurn((seed) => run(pool, seed));
  } finally {
    await pool.close();
  }
};

const machine = describeMachine();
const slots = await inTurn((seed) => runSlots(QUEUE, seed));
// Arrivals are drawn by squall; SimPy gets as many.
const counts = slots.map(({ requests }) => requests);
const simpyQueue = await runSimpyQueue(QUEUE, counts);
const squallQueue = await inPool((pool, seed) => runSquall(pool, QUEUE, seed));
const simpyStack = await runSimpyStack(stackParametersOf(STACK_QUEUE, stackPlan(STACK_QUEUE, 1)), counts);
const squallStack = await inPool((pool, seed) => runSquallStack(pool, STACK_QUEUE, seed));

const peer = `SimPy ${simpyQueue.simpy}, Python ${simpyQueue.python}`;
const queues: readonly Model<QueueRun>[] = [
  [`${peer}: bare queue`, simpyQueue.runs],
  ['squall: slots and clock alone', slots],
  ['squall: full stack, policies off', squallQueue],
];
const stacks: readonly Model<StackRun>[] = [
  [`${peer}: policies on`, simpyStack.runs],
  ['squall: full stack, policies on', squallStack],
];

const problemsOf = <Run extends TimedRun>(
  models: readonly Model<Run>[],
  kind: string,
  compare: (runs: readonly Run[], other: readonly Run[]) => readonly string[],
): readonly string[] => {
  const [, ...others] = models;
  const [, first] = models[0]!;
  return others.flatMap(([name, runs]) => compare(runs, first).map((text) => `${name} is another ${kind} than SimPy's: ${text}`));
};

const { ratePerS, durationMs, concurrency, queueLimit } = QUEUE;
const serviceOf = ({ serviceTimeMs, serviceTimeSigma }: QueueParameters) => `${serviceTimeMs} ms (sigma ${serviceTimeSigma})`;
const points = (share: number) => `${share * 100} points`;
console.log(machineLine(machine));
console.log(
  `${ratePerS} requests/s for ${durationMs / 1000} s, ${concurrency} slots a region, ${queueLimit} queue places; ` +
    `median of ${RUNS} runs each, and the first with its start-up.\n`,
);
console.log(
  `The bare queue, one region, service time ${serviceOf(QUEUE)}. The same: utilisation within ${points(TOLERANCE.utilisation)}, ` +
    `throttled within ${points(TOLERANCE.throttledShare)}, mean wait within ${percent(TOLERANCE.meanWait)}.`,
);
console.log(
  tableOf(queues, (runs) => {
    const { utilisation, meanWaitMs, throttledShare } = figuresOf(runs);
    return { utilisation: percent(utilisation), 'mean wait ms': meanWaitMs.toFixed(2), throttled: percent(throttledShare) };
  }),
);
console.log(
  `\nThe stack with its policies, two regions, service time ${serviceOf(STACK_QUEUE)}: time-outs, deadline, hedging, retries with a budget, circuit breakers, ` +
    `health checks.\nThe same: unanswered within ${points(STACK_TOLERANCE.unansweredShare)}, p50 within ${percent(STACK_TOLERANCE.p50)}, ` +
    `mean within ${percent(STACK_TOLERANCE.meanResponse)}, hedges within ${STACK_TOLERANCE.hedgesPerRequest} and ` +
    `retries within ${STACK_TOLERANCE.retriesPerRequest} a request.`,
);
console.log(
  tableOf(stacks, (runs) => {
    const { unansweredShare, p50Ms, meanMs, hedgesPerRequest, retriesPerRequest } = stackFiguresOf(runs);
    return {
      unanswered: percent(unansweredShare),
      'p50 ms': p50Ms.toFixed(1),
      'mean ms': meanMs.toFixed(1),
      'hedges a request': hedgesPerRequest.toFixed(4),
      'retries a request': retriesPerRequest.toFixed(4),
    };
  }),
);
const problems = [
  ...problemsOf(queues, 'queue', (runs, other) => differences(figuresOf(runs), figuresOf(other))),
  ...problemsOf(stacks, 'stack', (runs, other) => stackDifferences(stackFiguresOf(runs), stackFiguresOf(other))),
];
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
