import type { Stream } from '../toxics/toxic.ts';

/** What a proxy has counted since it was made. */
export interface Meter {
  connections: number;
  openConnections: number;
  /** Refused by a toxic, or for want of an upstream. */
  failedConnections: number;
  /** Bytes that came, by direction. */
  readonly received: Record<Stream, number>;
  /** Bytes that went on. */
  readonly sent: Record<Stream, number>;
  /** How often a toxic has touched something, by its name. */
  readonly landed: Map<string, number>;
  /** Delay that toxics have added, milliseconds: sum and number of the chunks that were delayed. */
  delayedMs: number;
  delays: number;
}

export const createMeter = (): Meter => ({
  connections: 0,
  openConnections: 0,
  failedConnections: 0,
  received: { upstream: 0, downstream: 0 },
  sent: { upstream: 0, downstream: 0 },
  landed: new Map(),
  delayedMs: 0,
  delays: 0,
});
