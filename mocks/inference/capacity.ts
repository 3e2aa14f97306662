/** What a prediction runs on, as far as it matters to the prediction. */
export interface Host {
  /** Times the service time; 1 where nothing is wrong with it. */
  readonly slowdown: number;
  /** Share of predictions that it fails. */
  readonly errorShare: number;
  /** It was taken away: what runs on it never ends. */
  readonly isGone: boolean;
}

/** What the cloud takes back. */
export interface Interruption {
  /** From the notice to the end, milliseconds. */
  readonly noticeMs: number;
  /** Share of the spot instances, above 0, to 1; rounded up to whole ones. */
  readonly share: number;
}

/** What goes wrong with some instances while the others are well: a gray failure. */
export interface Degradation {
  /** Share of the instances that serve now, 0 to 1, rounded up to whole ones; 0 mends all. */
  readonly share: number;
  readonly slowdown: number;
  readonly errorShare: number;
}

/** What runs the predictions of an endpoint in one region. */
export interface Capacity {
  /**
   * Runs `task` on a host that has room for it, and holds the room until it settles.
   * @throws {QueueFull} at once, when neither a slot nor a place in the queue is free
   * @throws {NoHost} when there is nothing that could run it, or what ran it was taken away
   */
  run<Result>(task: (host: Host) => Promise<Result>): Promise<Result>;
  /** A request has come, whatever becomes of it: what scales by requests counts them. */
  onRequest(): void;
  /** Does nothing where nothing is on the spot market. */
  interrupt(interruption: Interruption): void;
  /** Spot instances can be had after so long, milliseconds: 0 is now, `null` not before it is said again. */
  setSpotAvailable(afterMs: number | null): void;
  degrade(degradation: Degradation): void;
}

/** No slot is free and the queue has no place left. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** Nothing is there that could serve, or it went away while it did. */
export class NoHost extends Error {
  override readonly name = 'NoHost';
}
