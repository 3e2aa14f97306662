import { openScope, sleep } from '../abort.ts';
import type { Lease } from '../queue/job.ts';
import { BrokerUnavailable, type JobQueue } from '../queue/job-queue.ts';

/** A job in this worker's hands. */
export interface KeptLease {
  /** Aborts when the lease is over: somebody else may be at the job. */
  readonly signal: AbortSignal;
  /** Lets go of it; to be called when the work is over, however it went. */
  close(): void;
}

/** Of the visibility: an extension that fails leaves time for two more. */
const EXTEND_AFTER_SHARE = 1 / 3;

/** Reason of the signal of a lease that is over. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The lease of the job is over.');
  }
}

export interface KeepLeaseOptions {
  readonly queue: JobQueue;
  readonly visibilityMs: number;
  /** False leaves the lease as long as it was received for. */
  readonly extends: boolean;
}

/**
 * Extends a lease for as long as it is kept. The worker's own clock counts too: when the broker has not been heard of for as long as a lease
 * lasts, it is over.
 * @param parent ends it too
 */
export const keepLease = (lease: Lease, options: KeepLeaseOptions, parent: AbortSignal): KeptLease => {
  const { queue, visibilityMs } = options;
  const scope = openScope(parent);
  let endsAtMs = performance.now() + visibilityMs;

  const watch = async (): Promise<void> => {
    const { signal } = scope;
    while (performance.now() < endsAtMs) {
      const leftMs = endsAtMs - performance.now();
      await sleep(options.extends ? Math.min(leftMs, visibilityMs * EXTEND_AFTER_SHARE) : leftMs, signal);
      if (!options.extends) continue;
      const askedAtMs = performance.now();
      try {
        if (!(await queue.extend(lease, visibilityMs, signal))) break;
        endsAtMs = askedAtMs + visibilityMs;
      } catch (error) {
        if (!(error instanceof BrokerUnavailable)) throw error;
      }
    }
    scope.abort(new LeaseLost());
  };
  // Ends by the abort of its own scope, when the work is over before the lease.
  watch().catch(() => {});

  return {
    signal: scope.signal,
    close: () => scope.abort(new LeaseLost()),
  };
};
