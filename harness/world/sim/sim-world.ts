import { bindFault } from '../../faults/bind.ts';
import { faultableLinks } from '../../topology/node-placements.ts';
import { keepOutput } from '../live/output-log.ts';
import { refuseForSut } from '../live/refuse-for-sut.ts';
import type { RunEnd, RunRecord, World } from '../world.ts';
import { createSimPool, type SimPool } from './pool.ts';
import { refuseContainers } from './refuse-containers.ts';

export interface SimWorldOptions {
  /** URL of a module with the user's handler; absent runs the reference stack. */
  readonly sut?: string;
  /** Gets the event log of each run, Chrome trace-event JSON. */
  readonly onTrace?: (trace: string) => void;
}

/** Requests that a progress line is told of at once. */
const BATCH = 1000;

/** The simulated world: virtual time in a thread of its own, many times faster than the clock, and the same for the same seed. */
export const createSimWorld = ({ sut, onTrace }: SimWorldOptions = {}): World => {
  const threads = { workers: 1, ...(sut === undefined ? {} : { sut }) };
  let pool: SimPool | undefined;

  return {
    name: 'sim',
    async run(plan, hooks) {
      // Before anything is started: what this world can't do is refused.
      refuseContainers(plan);
      if (plan.sut !== undefined) refuseForSut(plan);
      for (const fault of plan.scenario.faults) bindFault(fault, 'sim', faultableLinks(plan));
      const interrupted = Promise.withResolvers<RunRecord>();
      const onAbort = () => interrupted.resolve(emptyRecord({ type: 'interrupted', atMs: 0 }));
      if (hooks.signal?.aborted) return emptyRecord({ type: 'interrupted', atMs: 0 });
      hooks.signal?.addEventListener('abort', onAbort);
      pool ??= createSimPool(threads);
      try {
        const run = pool.run(plan, { trace: onTrace !== undefined });
        run.catch(() => undefined);
        const record = await Promise.race([run, interrupted.promise]);
        if (record.end.type === 'interrupted') {
          await pool.close();
          pool = undefined;
          return record;
        }
        for (let first = 0; first < record.requests.length; first += BATCH) {
          const batch = record.requests.slice(first, first + BATCH);
          hooks.onRecords?.(batch, batch.at(-1)!.endMs);
        }
        if ('trace' in record && typeof record.trace === 'string') onTrace?.(record.trace);
        return record.output && hooks.folder !== undefined
          ? { ...record, output: keepOutput(record.output, record.startedAt, hooks.folder) }
          : record;
      } finally {
        hooks.signal?.removeEventListener('abort', onAbort);
      }
    },
  };
};

/** A simulated run that was interrupted has no time of its own to tell: nobody has seen any of it. */
const emptyRecord = (end: RunEnd): RunRecord => ({
  startedAt: new Date(Date.UTC(2026, 0, 1)).toISOString(),
  requests: [],
  events: [],
  usage: [],
  end,
});
