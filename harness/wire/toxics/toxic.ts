import type { z } from 'zod';
import type { Alarm } from '../tcp/alarms.ts';

/** Which way the bytes go that a toxic touches: `upstream` from the caller, `downstream` to it. */
export type Stream = 'upstream' | 'downstream';

/** Where bytes go next. */
export interface Flow {
  write(bytes: Buffer): void;
  /** No more is written: the other side sees the end (FIN) after all that came before. */
  end(): void;
}

/** Why a stage lets go: its toxic is gone, or a stage of the same toxic with other attributes takes over. */
export type Release = 'removed' | 'updated';

/**
 * What a toxic does to one direction of one connection: bytes are written to it, and it hands on what is to go on. Order is its own
 * affair; whatever it holds back it must announce with `hold`.
 */
export interface Stage extends Flow {
  /**
   * Hands on all that is held, at once and in order; on an update it goes to the stage that takes over. Nothing is called after it, and
   * the stage calls nothing any more.
   */
  release(why: Release): void;
  /**
   * What the stage that takes over is to know, e.g. how much has passed. Asked for before `release`, and changes nothing: the toxic may
   * still turn out to leave the connection alone, and `release` then says `removed`.
   */
  carry?(): unknown;
  /** The sender has cut the connection. Left out, the other side is cut at once. */
  abort?(): void;
  /** The connection is closed: nothing is handed on any more. Alarms are cancelled by then. */
  close?(): void;
}

/** What a toxic is told of a connection. */
export interface TouchContext {
  /** Milliseconds on a clock that never goes back; `sinceMs` is on it too. */
  now(): number;
  /** When the toxic came into force. An update of its attributes leaves it as it is. */
  readonly sinceMs: number;
  /** Which of the connections since then it is, from 1; 0 and less for those that were open before. */
  readonly ordinal: number;
  /** Uniform in [0, 1), from the proxy's seed, the toxic and the connection. */
  random(): number;
}

/** What a stage is given. */
export interface StageContext extends TouchContext {
  readonly next: Flow;
  /** Whether the connection was open before the toxic was in force. */
  readonly isOlder: boolean;
  /** What the stage of this toxic's earlier attributes left; undefined when there was none. */
  readonly carried: unknown;
  /** Calls after that many milliseconds, to within a millisecond on an idle machine; not after the connection has closed. */
  after(delayMs: number, call: () => void): Alarm;
  /** So many bytes more are held back, or fewer when negative: while there are many, the sender is not read from. */
  hold(bytes: number): void;
  /** The toxic has touched something: for the metrics. */
  landed(): void;
  /** Adds to the delay that the proxy has brought about, milliseconds. */
  delayed(ms: number): void;
  /** Cuts both sides with a reset (RST). */
  reset(): void;
  /**
   * Ends this direction, as `next.end()` does, and closes the connection when the end has come through the toxics behind: the other
   * direction ends too, after what its toxics hold.
   */
  close(): void;
}

/** What a toxic says of a connection that asks to be let in. */
export type Admission =
  | { readonly type: 'accept' }
  /** Reset as soon as it is there. */
  | { readonly type: 'reset' }
  /** Nothing is read, and the upstream is not connected to, for so long. */
  | { readonly type: 'wait'; readonly forMs: number }
  /** Likewise, until another connection closes: then, and after `recheckMs` if given, all toxics are asked once more. */
  | { readonly type: 'queue'; readonly recheckMs?: number };

export interface AdmissionContext extends TouchContext {
  /** Connections of the proxy that are served or about to be, this one and those in a queue not among them. */
  readonly open: number;
}

/** All that is known of a kind of toxic. */
export interface ToxicKind<Attributes extends z.ZodObject = z.ZodObject> {
  /** As Toxiproxy's clients write it, e.g. `latency`. */
  readonly type: string;
  /** One sentence for help and docs. */
  readonly summary: string;
  /**
   * With Toxiproxy's names, units and defaults where it has them. All others are optional and stay away when they are not given, so that
   * a toxic is shown to Toxiproxy's clients as they know it.
   */
  readonly attributes: Attributes;
  /** Most bytes of a direction that may be held before the sender is stopped; the chain's own measure when left out. */
  readonly holdsUpTo?: number;
  /** Touches the bytes of both directions, whichever the toxic's own is. */
  readonly isBothWays?: true;
  /** Left out, or undefined, it leaves the bytes alone. */
  open?(attributes: z.output<Attributes>, context: StageContext): Stage | undefined;
  /** Left out, it lets every connection in. */
  admit?(attributes: z.output<Attributes>, context: AdmissionContext): Admission;
}

/** Gives a kind its type from its schema. */
export const defineToxic = <Attributes extends z.ZodObject>(kind: ToxicKind<Attributes>): ToxicKind => kind as never;

/** A toxic of a proxy. */
export interface Toxic {
  /** Unique in its proxy. */
  readonly name: string;
  readonly kind: ToxicKind;
  readonly stream: Stream;
  /** Share of connections that it touches, 0 to 1. */
  readonly toxicity: number;
  /** As the kind's schema gives them. */
  readonly attributes: Readonly<Record<string, unknown>>;
}
