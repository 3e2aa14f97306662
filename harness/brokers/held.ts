import type { Lease } from '../serving/queue/job.ts';

/** What an adapter knows of the jobs in its worker's hands: brokers answer for a lease by a handle of their own, and some do so when it is over. */
export interface Held<Handle> {
  add(receipt: string, handle: Handle, visibilityMs: number): void;
  /** Undefined when the lease is over by this process's clock. */
  of(lease: Pick<Lease, 'receipt'>): Handle | undefined;
  extend(lease: Pick<Lease, 'receipt'>, visibilityMs: number): void;
  remove(lease: Pick<Lease, 'receipt'>): void;
}

/** Leases that nobody asks about again are forgotten when there are this many. */
const MAX_HELD = 10_000;

export const createHeld = <Handle>(): Held<Handle> => {
  const held = new Map<string, { readonly handle: Handle; endsAtMs: number }>();
  return {
    add(receipt, handle, visibilityMs) {
      const [oldest] = held.keys();
      if (held.size >= MAX_HELD && oldest !== undefined) held.delete(oldest);
      held.set(receipt, { handle, endsAtMs: performance.now() + visibilityMs });
    },
    of({ receipt }) {
      const one = held.get(receipt);
      if (one && one.endsAtMs > performance.now()) return one.handle;
      held.delete(receipt);
      return undefined;
    },
    extend({ receipt }, visibilityMs) {
      const one = held.get(receipt);
      if (one) one.endsAtMs = performance.now() + visibilityMs;
    },
    remove: ({ receipt }) => void held.delete(receipt),
  };
};
