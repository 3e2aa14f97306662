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

/**
 * What a toxic does to one direction of one connection: bytes are written to it, and it hands on what is to go on. Order is its own
 * affair; whatever it holds back it must announce with `hold`.
 */
export interface Stage extends Flow {
  /** The toxic is gone, or other than it was: hands on all that is held, at once and in order. Nothing is called after it. */
  release(): void;
  /** What a stage of the same toxic with other attributes is to know, e.g. how much has passed. Asked for before `release`. */
  carry?(): unknown;
  /** The connection is closed: nothing is handed on any more. Alarms are cancelled by then. */
  close?(): void;
}

/** What a stage is given. */
export interface StageContext {
  readonly next: Flow;
  /** Whether the connection was open before the toxic was there. */
  readonly isOlder: boolean;
  /** What the stage of this toxic's earlier attributes left; undefined when there was none. */
  readonly carried: unknown;
  /** Uniform in [0, 1), from the proxy's seed, the toxic and the connection. */
  random(): number;
  /** Calls after that many milliseconds, to within half a millisecond on an idle machine; not after the connection has closed. */
  after(delayMs: number, call: () => void): Alarm;
  /** So many bytes more are held back, or fewer when negative: while there are many, the sender is not read from. */
  hold(bytes: number): void;
  /** The toxic has touched something: for the metrics. */
  landed(): void;
  /** Adds to the delay that the proxy has brought about, milliseconds. */
  delayed(ms: number): void;
  /** Cuts both sides with a reset (RST). */
  reset(): void;
  /** Ends both sides in good order (FIN), what is written goes first. */
  close(): void;
}

/** What a toxic says of a connection that asks to be let in. */
export type Admission =
  | { readonly type: 'accept' }
  /** Reset as soon as it is there. */
  | { readonly type: 'reset' }
  /** Nothing is read, and the upstream is not connected to, for so long. */
  | { readonly type: 'wait'; readonly forMs: number };

export interface AdmissionContext {
  /** Connections of the proxy that are open, this one not among them. */
  readonly open: number;
  random(): number;
}

/** All that is known of a kind of toxic. */
export interface ToxicKind<Attributes extends z.ZodObject = z.ZodObject> {
  /** As Toxiproxy's clients write it, e.g. `latency`. */
  readonly type: string;
  /** One sentence for help and docs. */
  readonly summary: string;
  /** With Toxiproxy's names and units where it has them; each with a default and `.describe()` help. */
  readonly attributes: Attributes;
  /** Most bytes of a direction that may be held before the sender is stopped; the chain's own measure when left out. */
  readonly holdsUpTo?: number;
  /** Left out, it leaves the bytes alone. */
  open?(attributes: z.output<Attributes>, context: StageContext): Stage;
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
