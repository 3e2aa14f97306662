import type { Upstream } from './emulator.ts';

/** A request as the load sends it, again and again. */
export interface BenchRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Something that answers predictions: a gateway before the emulator, or the emulator itself. */
export interface Running {
  readonly request: BenchRequest;
  /** Digits that an answer's body holds. @throws when it holds none */
  readLabels(body: string): readonly number[];
  stop(): Promise<void>;
}

/** How long an attempt may take and how often one is made again, the same for each contender. */
export interface Policies {
  readonly attemptTimeoutMs: number;
  readonly retries: number;
}

export const POLICIES: Policies = { attemptTimeoutMs: 600, retries: 2 };

export interface Contender {
  readonly name: string;
  /** @param pixels the image that every request asks about */
  start(upstream: Upstream, pixels: readonly number[], policies: Policies): Promise<Running>;
}
