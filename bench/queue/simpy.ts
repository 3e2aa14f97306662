import { z } from 'zod';
import type { QueueParameters, QueueRun, TimedRun } from './parameters.ts';
import { runPython } from './python.ts';
import type { StackParameters, StackRun } from './stack.ts';

/** What a model in SimPy gave, and on what. */
export interface SimpyRuns<Run extends TimedRun> {
  readonly python: string;
  readonly simpy: string;
  readonly runs: readonly Run[];
}

const answerOf = <Run extends z.ZodType<TimedRun>>(run: Run) =>
  z.object({ python: z.string(), simpy: z.string(), runs: z.array(run) });

const timed = { requests: z.number(), tookMs: z.number() };
const queueAnswer = answerOf(z.object({ ...timed, throttled: z.number(), utilisation: z.number(), meanWaitMs: z.number() }));
const stackAnswer = answerOf(
  z.object({ ...timed, unanswered: z.number(), p50Ms: z.number(), meanMs: z.number(), hedges: z.number(), retries: z.number() }),
);

/** All runs in one Python process; starting it and importing is not timed. */
const ask = async (script: string, parameters: unknown, counts: readonly number[]): Promise<unknown> =>
  JSON.parse(await runPython(script, [JSON.stringify(parameters), ...counts.map(String)]));

/**
 * The queue in SimPy.
 * @param counts requests of each run
 * @throws {BenchProblem} that says what to install, when Python, venv or SimPy is missing
 */
export const runSimpyQueue = async (parameters: QueueParameters, counts: readonly number[]): Promise<SimpyRuns<QueueRun>> =>
  queueAnswer.parse(await ask('simpy_queue.py', parameters, counts));

/** The stack with its policies in SimPy; otherwise as `runSimpyQueue`. */
export const runSimpyStack = async (parameters: StackParameters, counts: readonly number[]): Promise<SimpyRuns<StackRun>> =>
  stackAnswer.parse(await ask('simpy_stack.py', parameters, counts));
