import type { AttemptKind } from '../../harness/serving/observation.ts';
import type { SimPool } from '../../harness/world/sim/pool.ts';
import type { SimResult } from '../../harness/world/sim/protocol.ts';
import { medianOf } from '../agreement/figures.ts';
import { mean } from './compare.ts';
import type { QueueParameters } from './parameters.ts';
import { type StackRun, stackPlan } from './stack.ts';

const attemptsOf = ({ observations }: SimResult, kind: AttemptKind): number =>
  observations.attempts.filter((attempt) => attempt.kind === kind).length;

/** The stack with its policies on in the simulated world: the real gateway, signatures, network, HTTP, emulators, model. */
export const runSquallStack = async (pool: SimPool, queue: QueueParameters, seed: number): Promise<StackRun> => {
  const plan = stackPlan(queue, seed);
  const startedAtMs = performance.now();
  const result = await pool.run(plan);
  const tookMs = performance.now() - startedAtMs;
  if (result.end.type !== 'completed') throw new Error(`The run ended early: ${JSON.stringify(result.end)}`);
  const { requests } = result;
  // From sending, not from when it was due: load generators of another simulator do not wait for a timer of whole milliseconds.
  const responseMs = requests.filter(({ outcome }) => outcome === 'ok').map(({ sentMs, endMs }) => endMs - sentMs);
  return {
    requests: requests.length,
    unanswered: requests.length - responseMs.length,
    p50Ms: medianOf(responseMs),
    meanMs: mean(responseMs),
    hedges: attemptsOf(result, 'hedge'),
    retries: attemptsOf(result, 'retry'),
    tookMs,
  };
};
