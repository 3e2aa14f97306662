import { Worker } from 'node:worker_threads';
import { entryBeside } from '../entry.ts';
import { connectionsFor } from './connections.ts';
import type { LoadSpec } from './drive-over.ts';
import type { ProbeRecord } from './identity/load-identity.ts';
import type { ParentMessage, WorkerMessage } from './load-worker.ts';
import type { RequestRecord } from './sample.ts';
import { loadSamples } from './samples.ts';

export interface LoadOptions extends LoadSpec {
  /** Records as requests end, in batches of 100 ms or less. */
  onRecords(records: readonly RequestRecord[]): void;
  /** What became of requests that should get no answer. */
  onProbes?(records: readonly ProbeRecord[]): void;
  /** Tokens that callers have got: they may stand in whatever is printed. */
  onSecrets?(secrets: readonly string[]): void;
}

/** Load under way in a thread of its own. */
export interface LoadHandle {
  /**
   * Resolves when every arrival has ended (the last at most its time-out after the timeline), or after `stop`; all records have been
   * handed over then. Rejects when the thread breaks.
   */
  readonly done: Promise<void>;
  /** Ends the load at once; requests under way get no record. Resolves when the thread is gone; never rejects. */
  stop(): Promise<void>;
}

/**
 * How far ahead of its first arrival a load should be started, milliseconds: its thread takes that long to come up on a busy machine.
 * Arrivals that are due before are sent late, and their latency says so.
 */
export const LOAD_LEAD_MS = 1000;

/** How long a thread may take to stop by itself, milliseconds. */
const STOP_PATIENCE_MS = 1000;

/**
 * Sends load from a worker thread, so that neither the wire nor the verdict holds an arrival up. The thread ends with the process,
 * and does not keep it alive.
 * @throws {SquallError} `BAD_SCENARIO` for a plan that needs too many connections, `NOT_FOUND` for a model without samples
 */
export const startLoad = ({ onRecords, onProbes, onSecrets, ...spec }: LoadOptions): LoadHandle => {
  connectionsFor(spec.plan);
  loadSamples(spec.plan.model);
  const worker = new Worker(entryBeside('./load-worker', import.meta.url), { workerData: spec });
  worker.unref();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  /** The thread may end: it has said that it is done, or was told to stop. */
  let mayEnd = false;

  const done = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'records') return onRecords(message.records);
      if (message.type === 'probes') return onProbes?.(message.records);
      if (message.type === 'secrets') return onSecrets?.(message.secrets);
      mayEnd = true;
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (mayEnd) resolve();
      else reject(new Error(`the load thread ended with code ${code} before the load did`));
    });
  });
  // Whoever only calls `stop` need not watch `done`.
  done.catch(() => {});

  return {
    done,
    async stop() {
      mayEnd = true;
      worker.postMessage('stop' satisfies ParentMessage);
      const patience = setTimeout(() => void worker.terminate(), STOP_PATIENCE_MS);
      await exited;
      clearTimeout(patience);
    },
  };
};
