import type { z } from 'zod';
import type { Alarm } from '../../tcp/alarms.ts';
import type { Flow, Stream } from '../../toxics/toxic.ts';

/** What a request is carried by, or is: a gRPC call is `h2` too, the opening of a WebSocket is `http/1.1` too. */
export const PROTOCOLS = ['http/1.1', 'h2', 'grpc', 'websocket'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Names and values. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** How something is cut short: in good order (FIN; END_STREAM on HTTP/2), or with a reset (RST; RST_STREAM on HTTP/2). */
export type CutBy = 'close' | 'reset';

/** What becomes of a request before it goes on. */
export type RequestVerdict =
  | { readonly do: 'wait'; readonly forMs: number }
  /** Answered here; the upstream never sees it. */
  | { readonly do: 'answer'; readonly status: number; readonly headers: HeaderPairs; readonly body: string }
  /** HTTP/1.1: RST of the connection; HTTP/2: RST_STREAM with the code. */
  | { readonly do: 'reset'; readonly code: number }
  /** HTTP/2: the connection is to be left. @property isTaken whether this request is still served */
  | { readonly do: 'goaway'; readonly code: number; readonly isTaken: boolean };

/** What a fault does to a body: bytes are written to it, and it hands on what is to go on, in order. */
export interface BodyStage extends Flow {
  /** The rule is gone: hands on all that is held, at once, and lets the rest pass. */
  release(): void;
}

/** What a stage of a body is given. */
export interface BodyContext {
  readonly next: Flow;
  /** Uniform in [0, 1), of this rule and this request. */
  random(): number;
  /** Calls after that many milliseconds; not after the exchange is over. */
  after(delayMs: number, call: () => void): Alarm;
  /** So many bytes more are held back, or fewer when negative: while there are many, the sender is not read from. */
  hold(bytes: number): void;
  /** The fault has touched something: for the metrics. */
  landed(): void;
  /** Adds to the delay that the proxy has brought about, milliseconds. */
  delayed(ms: number): void;
  /** Cuts the message short after what has been handed on. */
  cut(by: CutBy): void;
  /** HTTP/2: ends the message with these trailers after what has been handed on. The rest is thrown away. */
  endWith(trailers: HeaderPairs): void;
}

/** What becomes of an open WebSocket's messages in one direction. */
export type MessagePlan =
  | { readonly do: 'stall'; readonly afterMessages: number; readonly forMs: number }
  | { readonly do: 'cut'; readonly afterMessages: number; readonly by: CutBy }
  | { readonly do: 'close'; readonly afterMessages: number; readonly code: number; readonly reason: string }
  | { readonly do: 'drop'; readonly afterMessages: number; readonly share: number };

/** All that is known of a kind of HTTP fault. It acts at one of three places: before the request goes on, on a body, on a WebSocket. */
export interface HttpFaultKind<Settings extends z.ZodObject = z.ZodObject> {
  /** E.g. `status`. */
  readonly type: string;
  /** One sentence for help and docs. */
  readonly summary: string;
  /** Where it can act at all. */
  readonly protocols: readonly Protocol[];
  /** Each with a default or required, and `.describe()` help. */
  readonly settings: Settings;
  /** Undefined leaves the request alone. */
  request?(settings: z.output<Settings>, random: () => number): RequestVerdict | undefined;
  body?(settings: z.output<Settings>, context: BodyContext): BodyStage | undefined;
  messages?(settings: z.output<Settings>): MessagePlan;
  /** Which way goes what `body` or `messages` touch; `downstream`, the answer, when left out. */
  stream?(settings: z.output<Settings>): Stream;
}

/** Gives a kind its type from its schema. */
export const defineHttpFault = <Settings extends z.ZodObject>(kind: HttpFaultKind<Settings>): HttpFaultKind => kind as never;
