import { untilAborted } from './abort.ts';
import type { Rows } from './clients/access.ts';
import type { Design } from './config.ts';
import { Cancelled } from './errors.ts';
import type { ServedByLink } from './link-caller.ts';
import { ANYWHERE, type DataScope } from './residency.ts';
import type { ServeLinks } from './serve-links.ts';

interface SharedCall {
  readonly outcome: Promise<ServedByLink>;
  sharers: number;
}

/**
 * Coalescing (Go's singleflight): requests with the same input at the same time share the call of the first, its failure too, so that a popular
 * input is predicted once at a time, whatever number asks. The time that each has is its own: where the first runs out of time, or its
 * caller goes, the next begins a call of its own.
 */
export const coalesce = (policy: Design['coalescing'], serveLinks: ServeLinks): ServeLinks => {
  if (policy === false) return serveLinks;
  const calls = new Map<string, SharedCall>();

  const lead = (key: string, ...asked: Parameters<ServeLinks>): Promise<ServedByLink> => {
    const call: SharedCall = { outcome: serveLinks(...asked), sharers: 1 };
    calls.set(key, call);
    const forget = () => {
      if (calls.get(key) === call) calls.delete(key);
    };
    call.outcome.then(forget, forget);
    return call.outcome;
  };

  /** Whose data has to stay somewhere shares no call that may go elsewhere. */
  const keyOf = (rows: Rows, isLastResort: boolean, { key }: DataScope = ANYWHERE): string =>
    `${isLastResort} ${key} ${JSON.stringify(rows)}`;

  return async (rows, time, isLastResort, scope) => {
    const key = keyOf(rows, isLastResort, scope);
    for (;;) {
      const call = calls.get(key);
      if (!call || call.sharers >= policy.maxShared) return lead(key, rows, time, isLastResort, scope);
      call.sharers += 1;
      try {
        return await untilAborted(call.outcome, time.signal);
      } catch (error) {
        // Its own end is this request's end; that of the first is not.
        time.signal.throwIfAborted();
        if (!(error instanceof Cancelled)) throw error;
      }
    }
  };
};
