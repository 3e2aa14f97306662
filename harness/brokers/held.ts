/** What an adapter knows of the leases that it gave out: brokers take a word of a lease when it is over, too. By this process's clock. */
export interface Held {
  add(receipt: string, visibilityMs: number): void;
  /**
   * Whether the lease goes on. One that this process does not know was given out by an earlier life of it: that one counts, for nobody else
   * receives jobs, and the broker delivers the job again when its time is over.
   */
  has(receipt: string): boolean;
  extend(receipt: string, visibilityMs: number): void;
  end(receipt: string): void;
}

/** Leases that nobody asks about again are forgotten when there are this many. */
const MAX_HELD = 10_000;

export const createHeld = (): Held => {
  const endsAtMs = new Map<string, number>();
  return {
    add(receipt, visibilityMs) {
      const [oldest] = endsAtMs.keys();
      if (endsAtMs.size >= MAX_HELD && oldest !== undefined) endsAtMs.delete(oldest);
      endsAtMs.set(receipt, performance.now() + visibilityMs);
    },
    has: (receipt) => (endsAtMs.get(receipt) ?? Number.POSITIVE_INFINITY) > performance.now(),
    extend(receipt, visibilityMs) {
      endsAtMs.set(receipt, performance.now() + visibilityMs);
    },
    end: (receipt) => void endsAtMs.set(receipt, 0),
  };
};
