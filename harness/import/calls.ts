import { emptyPoint, type IncidentPoint, type IncidentSeries } from './incident.ts';

/** How a call ended, in the eyes of its caller. */
export type CallOutcome = 'ok' | 'error' | 'throttled' | 'timeout' | 'connection';

/** One recorded call of a provider. */
export interface IncidentCall {
  /** Region or host that it went to. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly tookMs: number;
  readonly outcome: CallOutcome;
  /** HTTP status; null where there was none. */
  readonly status: number | null;
}

const TOO_MANY_REQUESTS = 429;
const GATEWAY_TIMEOUT = 504;
const FAILED_FROM = 400;

/** What a status says of a call that was answered. */
export const outcomeOfStatus = (status: number): CallOutcome => {
  if (status === TOO_MANY_REQUESTS) return 'throttled';
  return status >= FAILED_FROM ? 'error' : 'ok';
};

/** Lengths that steps of a curve have, milliseconds. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);

/** More points than these say no more, and fewer calls in a point than these say too little. */
const MAX_POINTS = 600;
const MIN_CALLS_A_POINT = 20;
/** However few the calls are, a recording is cut into so many points if steps allow it. */
const MIN_POINTS = 20;

const stepFor = (calls: readonly IncidentCall[], lengthMs: number): number => {
  const busiest = Math.max(...[...Map.groupBy(calls, ({ key }) => key).values()].map((own) => own.length));
  const fits = STEPS_MS.filter((stepMs) => lengthMs / stepMs <= MAX_POINTS);
  const coarsest = fits.findLast((stepMs) => lengthMs / stepMs >= MIN_POINTS);
  const filled = fits.find((stepMs) => (busiest * stepMs) / Math.max(lengthMs, stepMs) >= MIN_CALLS_A_POINT);
  return Math.min(filled ?? Number.POSITIVE_INFINITY, coarsest ?? fits[0] ?? STEPS_MS.at(-1)!);
};

const rank = (sorted: readonly number[], share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;

const commonest = (statuses: readonly number[]): number | null => {
  const [first] = [...Map.groupBy(statuses, (status) => status)].sort(([, a], [, b]) => b.length - a.length);
  return first?.[0] ?? null;
};

const pointOf = (calls: readonly IncidentCall[], atMs: number): IncidentPoint => {
  const tookMs = calls.map((call) => call.tookMs).sort((a, b) => a - b);
  const shareOf = (outcome: CallOutcome): number => calls.filter((call) => call.outcome === outcome).length / calls.length;
  const failed = calls.filter(({ outcome }) => outcome === 'error');
  return {
    ...emptyPoint(atMs),
    requests: calls.length,
    errorRate: 1 - shareOf('ok'),
    throttledShare: shareOf('throttled'),
    timeoutShare: shareOf('timeout'),
    connectionShare: shareOf('connection'),
    p50Ms: rank(tookMs, 0.5),
    p95Ms: rank(tookMs, 0.95),
    p99Ms: rank(tookMs, 0.99),
    status: commonest(failed.flatMap(({ status }) => (status === null || status < 500 ? [] : [status]))),
  };
};

/** Whether the status is of a proxy that waited in vain. */
export const isGatewayTimeout = (status: number): boolean => status === GATEWAY_TIMEOUT;

/** Calls as curves: one a key, in steps long enough for their calls to tell something. */
export const seriesOfCalls = (calls: readonly IncidentCall[]): readonly IncidentSeries[] => {
  if (calls.length === 0) return [];
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { startMs } of calls) [firstMs, lastMs] = [Math.min(firstMs, startMs), Math.max(lastMs, startMs)];
  const stepMs = stepFor(calls, lastMs - firstMs);
  const startMs = Math.floor(firstMs / stepMs) * stepMs;
  return [...Map.groupBy(calls, ({ key }) => key)].map(([key, own]) => ({
    key,
    points: [...Map.groupBy(own, (call) => Math.floor((call.startMs - startMs) / stepMs))]
      .sort(([a], [b]) => a - b)
      .map(([step, inStep]) => pointOf(inStep, startMs + step * stepMs)),
  }));
};
