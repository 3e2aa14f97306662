import type { ExchangeObservation, Observations, RequestObservation } from '../../world/sim/observations.ts';

/** Timers of the web platform are whole milliseconds. */
const GRACE_MS = 1;

/**
 * What an exchange is to the requests at the front door. A provider is told nothing of them, so that it is known by the input: an exchange can
 * only be for a request about the same sample that is under way.
 * - `first`: it may be the first of a request
 * - `extra`: each request that it could be for has had its first
 * - `refused`: the provider did not take the credential; the same attempt may ask once more with another
 * - `stray`: no request that it could be for is under way
 */
export type Part = 'first' | 'extra' | 'refused' | 'stray';

export interface Attributed {
  readonly exchange: ExchangeObservation;
  readonly part: Part;
}

/** A request, and when the system under test has to do with it. */
export interface Span {
  readonly request: RequestObservation;
  readonly fromMs: number;
  readonly untilMs: number;
  /** When the exchange began that was taken for its first; undefined without one. */
  firstMs: number | undefined;
}

export interface Attribution {
  /** In the order in which they began; health checks are left out. */
  readonly exchanges: readonly Attributed[];
  readonly spans: readonly Span[];
}

/** Statuses that say that the credential is not accepted. */
const REFUSALS: readonly string[] = ['401', '403'];

const spanOf = (request: RequestObservation): Span => {
  const { acceptedAtMs, answeredAtMs, abandonedAtMs, deadlineAtMs } = request;
  const ends = [answeredAtMs, abandonedAtMs, deadlineAtMs].map((ms) => ms ?? Number.POSITIVE_INFINITY);
  return { request, fromMs: acceptedAtMs, untilMs: Math.min(...ends) + GRACE_MS, firstMs: undefined };
};

/**
 * Sorts out which exchanges must have been beyond the first of their request. Where it cannot be told, as few as possible: an exchange goes
 * to the request without one that ends first, and it is the least there can be up to any moment.
 */
const sortOut = ({ exchanges, requests }: Observations): Attribution => {
  const spans = requests.map(spanOf);
  const byInput = Map.groupBy(spans, ({ request }) => request.sampleIndex);
  const partOf = ({ about, atMs, end }: ExchangeObservation): Part => {
    const ofInput = (typeof about === 'number' ? byInput.get(about) : undefined) ?? [];
    const live = ofInput.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs <= untilMs);
    if (live.length === 0) return 'stray';
    if (REFUSALS.includes(end)) return 'refused';
    let next: Span | undefined;
    for (const span of live) if (span.firstMs === undefined && (!next || span.untilMs < next.untilMs)) next = span;
    if (!next) return 'extra';
    next.firstMs = atMs;
    return 'first';
  };
  const ofRequests = exchanges.filter(({ about }) => about !== 'check');
  return { exchanges: ofRequests.map((exchange) => ({ exchange, part: partOf(exchange) })), spans };
};

const known = new WeakMap<Observations, Attribution>();

/** Sorts a run's exchanges out; several invariants ask for the same run. */
export const attribute = (observations: Observations): Attribution => {
  const attribution = known.get(observations) ?? sortOut(observations);
  known.set(observations, attribution);
  return attribution;
};

/**
 * How many requests were under way at a moment whose first exchange did not begin as they came: they waited for a credential. What was taken
 * for the first of one may have been another's extra, and its own first, later, is then taken for an extra: at most one for each of them.
 */
export const waitingAt = (spans: readonly Span[], atMs: number): number =>
  spans.filter(
    ({ fromMs, untilMs, firstMs }) =>
      fromMs <= atMs && atMs < untilMs && !(firstMs !== undefined && firstMs <= fromMs + GRACE_MS),
  ).length;
