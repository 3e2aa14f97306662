import type { Priority } from '../../serving/caller.ts';
import type { LaneAnswer, LaneEnd, LaneRequest } from '../lane.ts';
import type { RequestRecord } from '../sample.ts';
import type { Sample } from '../samples.ts';

/** How callers reach the system under test: one row of doors/index.ts. */
export interface LoadDoor {
  /** One sentence, for whoever writes a scenario. */
  readonly summary: string;
  /** What its lanes speak, and which of the system's ports they speak to. */
  readonly transport: Transport;
  /** Makes the requests of a load; what is the same in each is made once. */
  requests(model: string, samples: readonly Sample[]): (ask: Ask) => LaneRequest;
  /** What an answer says of itself. */
  marksOf(answer: LaneAnswer): Marks;
  /** How a request ended. @param label what the data set says the sample is */
  judge(end: LaneEnd, label: number): Judgement;
  /** How many answers to that request it holds: 1 for a good one, and never more. */
  answersTo(answer: LaneAnswer, id: string): number;
  /** Whether what is predicted is what is expected. */
  holds(answer: LaneAnswer, expected: ExpectedPrediction): boolean;
  /** Of a door whose answers come later: how they are waited for. What `marksOf`, `judge`, `answersTo` and `holds` get is the answer then. */
  readonly later?: LaterAnswers;
  /** Kind of the node that callers reach, as `queue`; the gateway when absent. */
  readonly node?: string;
}

/** How a caller waits for an answer that does not come at once. */
export interface LaterAnswers {
  /** What a caller does after a request has ended; nothing else is asked of a caller whose time is over. */
  next(end: LaneEnd, turn: Turn): NextStep;
  /** The answer that a response brings; undefined where it brings none yet. */
  answerIn(response: LaneAnswer): LaneAnswer | undefined;
}

/** Where a caller stands. */
export interface Turn {
  readonly ask: Ask;
  /** Its first request, as it was sent. */
  readonly first: LaneRequest;
  /** The system under test has taken the work on. */
  readonly isAccepted: boolean;
}

export type NextStep =
  | { readonly type: 'judge'; readonly end: LaneEnd }
  /** Another request, after a pause. */
  | { readonly type: 'ask'; readonly request: LaneRequest; readonly afterMs: number; readonly isAccepted: boolean };

/** What lanes speak; harness/load/lanes-for.ts has the live world's, harness/world/sim/run/lanes.ts the simulated one's. */
export type Transport = 'http' | 'grpc';

/** On whose behalf a request is made, and how much it matters. */
export interface LoadCaller {
  /** Empty for nobody's. */
  readonly tenant: string;
  readonly priority: Priority;
  /** What it tells that it gives the request, milliseconds; absent where it tells nothing. */
  readonly deadlineMs?: number;
}

/** One arrival, before it is a request. */
export interface Ask {
  /** Unique in the run. */
  readonly id: string;
  readonly sampleIndex: number;
  readonly caller: LoadCaller;
  /** Milliseconds from now until the caller gives up, above 0. */
  readonly timeoutMs: number;
}

/** What an answer says of itself, whatever the protocol. */
export interface Marks {
  /** HTTP status; of gRPC what google.rpc.Code maps to. */
  readonly status: number;
  readonly servedBy: string;
  readonly degraded: string;
  /** Of the model; empty where it does not say. */
  readonly version: string;
}

/** A label, and its probabilities where the system under test must give those too. */
export interface ExpectedPrediction {
  readonly label: number;
  readonly probabilities?: readonly number[];
}

/** How a request ended, and what its answer says of itself: all of its record but times and caller. */
export type Judgement = Omit<RequestRecord, 'dueMs' | 'sentMs' | 'endMs' | 'tenant' | 'priority' | 'jobId'>;

const NO_ANSWER = { status: 0, servedBy: '', degraded: '', isCorrect: null } as const;

/** Given up at the time-out. */
export const TIMED_OUT: Judgement = { outcome: 'timeout', ...NO_ANSWER };

/** Lost with its connection. */
export const LOST: Judgement = { outcome: 'connection-error', ...NO_ANSWER };

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** @param predicted null where there is no prediction */
export const judgementOf = ({ version, ...marks }: Marks, predicted: number | null, label: number): Judgement => ({
  outcome: isSuccess(marks.status) ? 'ok' : 'http-error',
  ...marks,
  ...(version === '' ? {} : { version }),
  // Too Many Requests (RFC 6585), which is also what gRPC's RESOURCE_EXHAUSTED maps to.
  ...(marks.status === 429 ? { isShed: true } : {}),
  isCorrect: predicted === null ? null : predicted === label,
});

/** What a request says of who makes it; defaults go without saying. */
export const callerFields = ({ tenant, priority, deadlineMs }: LoadCaller) => ({
  ...(deadlineMs === undefined ? {} : { deadlineMs: Math.round(deadlineMs) }),
  ...(tenant === '' ? {} : { tenant }),
  ...(priority === 'default' ? {} : { priority }),
});

const CALLER_HEADERS = {
  deadlineMs: 'x-squall-deadline-ms',
  tenant: 'x-squall-tenant',
  priority: 'x-squall-priority',
} as const satisfies Record<keyof LoadCaller, string>;

/** Headers, or metadata, that say it. */
export const callerHeaders = (caller: LoadCaller): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(callerFields(caller)).map(([field, value]) => [CALLER_HEADERS[field as keyof LoadCaller], String(value)]),
  );
