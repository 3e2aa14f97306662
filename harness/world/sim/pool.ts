import type { RunPlan } from '../world.ts';
import type { SimResult, SimRunOptions } from './protocol.ts';
import { refuseBrokers } from './refuse-brokers.ts';
import { refuseContainers } from './refuse-containers.ts';
import { type SimThread, startSimThread } from './sim-thread.ts';

/** Threads that simulate runs, one run at a time each. */
export interface SimPool {
  /**
   * Runs a plan on the first thread that is free; further plans wait in order. The same plan gives the same result, whatever has run before.
   * A plan that keeps its thread busy beyond `runLimitMs` has its thread ended, and rejects.
   * @throws {SquallError} `UNSUPPORTED` or `BAD_SCENARIO` for a fault or a broker that sim has not, `GATEWAY_FAILED` when the run's code broke the thread
   */
  run(plan: RunPlan, options?: SimRunOptions): Promise<SimResult>;
  /** Ends the threads; runs under way reject. Resolves when they are gone. */
  close(): Promise<void>;
}

export interface SimPoolOptions {
  /** Threads, at least 1. They are started when they are first needed. */
  readonly workers: number;
  /** URL of a module with the user's handler; absent runs the reference stack. */
  readonly sut?: string;
  /** Real milliseconds that one run may take; default 10 minutes. */
  readonly runLimitMs?: number;
}

interface Waiting {
  readonly plan: RunPlan;
  readonly options: SimRunOptions;
  readonly outcome: PromiseWithResolvers<SimResult>;
}

const RUN_LIMIT_MS = 600_000;

export const createSimPool = ({ workers, sut, runLimitMs = RUN_LIMIT_MS }: SimPoolOptions): SimPool => {
  if (!Number.isInteger(workers) || workers < 1) throw new TypeError(`A pool needs at least 1 worker, not ${workers}.`);
  const idle: SimThread[] = [];
  const threads = new Set<SimThread>();
  const waiting: Waiting[] = [];
  let isClosed = false;

  const takeThread = (): SimThread | undefined => {
    const free = idle.pop();
    if (free || threads.size >= workers) return free;
    const started = startSimThread({ ...(sut === undefined ? {} : { sut }) }, runLimitMs);
    threads.add(started);
    return started;
  };

  const pump = () => {
    while (waiting.length > 0) {
      const thread = takeThread();
      if (!thread) return;
      const { plan, options, outcome } = waiting.shift()!;
      thread
        .run(plan, options)
        .then(outcome.resolve, outcome.reject)
        .finally(async () => {
          // A user's modules keep what they have learned from one run for the next: each run has them fresh.
          if (sut !== undefined) await thread.stop();
          if (thread.isAlive && !isClosed) idle.push(thread);
          else threads.delete(thread);
          pump();
        });
    }
  };

  return {
    async run(plan, options = {}) {
      if (isClosed) throw new Error('The pool is closed.');
      refuseBrokers(plan);
      refuseContainers(plan);
      const outcome = Promise.withResolvers<SimResult>();
      waiting.push({ plan, options, outcome });
      pump();
      return outcome.promise;
    },
    async close() {
      isClosed = true;
      for (const { outcome } of waiting.splice(0)) outcome.reject(new Error('The pool is closed.'));
      await Promise.all([...threads].map((thread) => thread.stop()));
    },
  };
};
