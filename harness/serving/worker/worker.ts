import { sleep } from '../abort.ts';
import type { Announce } from '../announce.ts';
import type { Design } from '../config.ts';
import { Cancelled, messageOf } from '../errors.ts';
import type { Lease } from '../queue/job.ts';
import type { Broker } from '../queue/job-queue.ts';
import { createPauses, persist } from '../queue/persist.ts';
import type { AnswerJob, JobOutcome } from './answer-job.ts';
import { keepLease } from './keep-lease.ts';

export interface WorkerOptions {
  readonly broker: Broker;
  readonly answer: AnswerJob;
  readonly worker: Design['worker'];
  readonly queue: Pick<Design['queue'], 'visibilityMs'>;
  readonly announce: Announce;
}

/** Takes jobs and answers them, for as long as it runs. */
export interface Worker {
  start(): void;
  /** Takes no more jobs, and resolves when those at hand are over. */
  drain(): Promise<void>;
  /** Ends at once; jobs at hand become visible again when their leases are over. */
  stop(): void;
  /** Jobs at hand. */
  readonly underWay: number;
}

/** One wait for jobs: as long as SQS allows (`WaitTimeSeconds`, 20 s) would do, but a dead connection is noticed sooner. */
const RECEIVE_WAIT_MS = 2000;
const MAX_RETRY_DELAY_MS = 60_000;

/**
 * A worker. What makes each job have one answer though it may be delivered twice, and none get lost though the worker may die anywhere:
 * the result is stored first, and only if the job has none; the job is completed last.
 */
export const createWorker = ({ broker, answer, worker, queue: { visibilityMs }, announce }: WorkerOptions): Worker => {
  const { queue, results } = broker;
  const stopping = new AbortController();
  const draining = new AbortController();
  const atHand = new Set<Promise<void>>();

  /** Longer each time that the job was received, so that what is broken for long does not use the tries up at once. */
  const delayMsOf = ({ receives }: Lease): number => Math.min(MAX_RETRY_DELAY_MS, worker.retryDelayMs * 2 ** (receives - 1));

  const settle = async (lease: Lease, outcome: JobOutcome, signal: AbortSignal): Promise<void> => {
    if (outcome.type === 'answered') {
      const { result } = outcome;
      if (worker.idempotentResults) await persist((during) => results.put(result, during), signal);
      else await persist((during) => results.append(result, during), signal);
      if (!worker.ackEarly) await persist((during) => queue.complete(lease, during), signal);
      return;
    }
    announce.spell(
      `job ${outcome.type}`,
      `job ${lease.job.id} ${outcome.type === 'poison' ? 'is beyond help' : 'failed'}: ${outcome.reason}`,
    );
    if (outcome.type === 'poison') await persist((during) => queue.bury(lease, outcome.reason, during), signal);
    else {
      const back = { delayMs: delayMsOf(lease), reason: outcome.reason };
      await persist((during) => queue.release(lease, back, during), signal);
    }
  };

  const work = async (lease: Lease): Promise<void> => {
    const kept = keepLease(lease, { queue, visibilityMs, extends: worker.extendLeases && !worker.ackEarly }, stopping.signal);
    // A job that was taken off the queue has no lease to lose.
    const signal = worker.ackEarly ? stopping.signal : kept.signal;
    try {
      if (worker.ackEarly) await persist((during) => queue.complete(lease, during), kept.signal);
      // Without an extension the lease may well end before the work does: that is the design's own affair, and its result stands.
      const outcome = await answer(lease.job, worker.extendLeases ? signal : stopping.signal);
      await settle(lease, outcome, worker.extendLeases ? signal : stopping.signal);
    } catch (error) {
      // The job is received again when its lease is over, and so is nobody's loss.
      if (!stopping.signal.aborted) announce.spell('job given up', `job ${lease.job.id} given up: ${messageOf(error)}`);
    } finally {
      kept.close();
    }
  };

  const take = (lease: Lease): void => {
    const task = work(lease).finally(() => atHand.delete(task));
    atHand.add(task);
  };

  const run = async (): Promise<void> => {
    const pauses = createPauses();
    while (!draining.signal.aborted) {
      if (atHand.size >= worker.concurrency) {
        await Promise.race(atHand);
        continue;
      }
      try {
        const max = worker.concurrency - atHand.size;
        const leases = await queue.receive({ max, visibilityMs, waitMs: RECEIVE_WAIT_MS }, draining.signal);
        for (const lease of leases) take(lease);
        announce.well('queue', 'the queue is back');
        pauses.reset();
      } catch (error) {
        if (draining.signal.aborted) return;
        announce.trouble('queue', `no jobs can be had: ${messageOf(error)}`);
        await sleep(pauses.nextMs(), draining.signal).catch(() => undefined);
      }
    }
  };

  return {
    start: () => void run(),
    async drain() {
      draining.abort(new Cancelled('stopped'));
      await Promise.all(atHand);
    },
    stop() {
      draining.abort(new Cancelled('stopped'));
      stopping.abort(new Cancelled('stopped'));
    },
    get underWay() {
      return atHand.size;
    },
  };
};
