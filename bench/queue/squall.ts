import { latencyMsOf } from '../../harness/verdict/facts.ts';
import type { SimPool } from '../../harness/world/sim/pool.ts';
import type { RunPlan, RunRecord } from '../../harness/world/world.ts';
import type { QueueParameters, QueueRun } from './parameters.ts';
import { planOf } from './plan.ts';

/** Slots for all that could ever be under way: nobody waits. */
const UNBOUNDED_SLOTS = 1000;

/** Off is what would make another queue of it: retries, hedges, a breaker, an answer from elsewhere, and health checks, which take slots. */
const POLICIES_OFF = { healthChecks: false, circuitBreaker: false, retry: false, hedging: false, degrade: false } as const;

/** One region. On are deadlines, time-outs, credentials and prices. */
const planWith = (parameters: QueueParameters, concurrency: number, seed: number): RunPlan =>
  planOf({ ...parameters, concurrency }, ['aws/us-east-1'], POLICIES_OFF, seed);

const served = ({ requests }: RunRecord) => requests.filter(({ outcome }) => outcome === 'ok');

const meanLatencyMs = (record: RunRecord): number => {
  const answers = served(record);
  return answers.reduce((sum, request) => sum + latencyMsOf(request), 0) / answers.length;
};

/** By the meters: time that slots were held. */
const busyMs = ({ usage }: RunRecord): number => usage.at(-1)?.rows.reduce((sum, row) => sum + row.busyMs, 0) ?? 0;

/**
 * The queue in the simulated world, with everything that a request goes through there: gateway, signature, network, HTTP, emulator, model. Its mean wait is how
 * much longer answers take than with a slot for everyone, under the same load; that second run is not timed.
 */
export const runSquall = async (pool: SimPool, parameters: QueueParameters, seed: number): Promise<QueueRun> => {
  const plan = planWith(parameters, parameters.concurrency, seed);
  const startedAtMs = performance.now();
  const record = await pool.run(plan);
  const tookMs = performance.now() - startedAtMs;
  if (record.end.type !== 'completed') throw new Error(`The run ended early: ${JSON.stringify(record.end)}`);
  const unbounded = await pool.run(planWith(parameters, UNBOUNDED_SLOTS, seed));
  const lastMs = Math.max(...record.requests.map(({ endMs }) => endMs));
  return {
    requests: record.requests.length,
    throttled: record.requests.length - served(record).length,
    utilisation: busyMs(record) / (parameters.concurrency * lastMs),
    meanWaitMs: meanLatencyMs(record) - meanLatencyMs(unbounded),
    tookMs,
  };
};
