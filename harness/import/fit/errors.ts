import type { FaultDraft } from '../incident.ts';
import { segment, type Window } from '../segment/windows.ts';
import { changeRules, meanIn, medianIn, type Subject, timeOf, valuesOf } from './measures.ts';
import { percent } from './text.ts';

/** Above this a region is down, not merely ailing. */
const OUTAGE_SHARE = 0.9;

/** 500 and 503 in the provider's own shape, 502 and 504 as of a load balancer; others are taken for 503. */
const OUTAGE_STATUSES = [500, 502, 503, 504];

type Failure = 'answered' | 'timeout' | 'connection';

/** Of what most of the failures in a window are; throttled ones are another fault's. */
const failureOf = (subject: Subject, window: Window): Failure => {
  const errors = (meanIn(subject, window, 'errorRate') ?? 0) - (meanIn(subject, window, 'throttledShare') ?? 0);
  const timeouts = meanIn(subject, window, 'timeoutShare') ?? 0;
  const connections = meanIn(subject, window, 'connectionShare') ?? 0;
  if (timeouts >= connections && timeouts > errors / 2) return 'timeout';
  return connections > errors / 2 ? 'connection' : 'answered';
};

/** Status that most failed calls of a window had. */
const statusIn = ({ points }: Subject, { from, to }: Window): number | undefined => {
  const statuses = points.slice(from, to).flatMap(({ status }) => status ?? []);
  const [first] = [...Map.groupBy(statuses, (status) => status)].sort(([, a], [, b]) => b.length - a.length);
  return first?.[0];
};

type Fitted = Pick<FaultDraft, 'kind' | 'settings' | 'probability'>;

/** Probabilities of effects that hold for each call; a whole region's failure has none. */
const partly = (share: number) => (share >= 0.995 ? {} : { probability: Number(share.toFixed(4)) });

const fitted: Readonly<Record<Failure, (share: number, status: number | undefined) => Fitted>> = {
  answered(share, status) {
    if (share >= OUTAGE_SHARE) {
      const shown = status !== undefined && OUTAGE_STATUSES.includes(status) ? status : 503;
      return { kind: 'region-outage', settings: { mode: 'http-5xx', status: shown }, ...partly(share) };
    }
    // A burst as long as its period lasts for all of the fault: the share of the calls is the probability.
    const condition = status === 500 ? 'internal' : 'unavailable';
    return { kind: 'error-burst', settings: { condition, burst: '1s', every: '1s' }, ...partly(share) };
  },
  timeout: (share) =>
    share >= 0.995
      ? { kind: 'region-outage', settings: { mode: 'blackhole' } }
      : { kind: 'region-outage', settings: { mode: 'partial', percent: percent(share), failure: 'blackhole' } },
  // Not by refusing connections, which leaves nothing on the live wire that could be counted.
  connection: (share) => ({ kind: 'region-outage', settings: { mode: 'partial', percent: percent(share), failure: 'reset' } }),
};

const words: Readonly<Record<Failure, string>> = {
  answered: 'failed',
  timeout: 'got no answer in time',
  connection: 'failed to connect, or were cut off',
};

/** A stretch in which calls failed, and how. */
export interface ErrorFit {
  readonly window: Window;
  readonly fault: FaultDraft;
  /** Share of the calls that failed, throttled ones left out. */
  readonly share: number;
  /** Share of the calls that got no answer in time: they take as long as their caller's patience, whatever else is slow. */
  readonly lostShare: number;
  /** How long these took, where it was recorded. */
  readonly patienceMs: number | null;
}

/** Errors above the quiet level, throttled calls left out: `region-outage` or `error-burst` with the share that was recorded. */
export const fitErrors = (subject: Subject): readonly ErrorFit[] => {
  const failures = valuesOf(subject, 'errorRate').map((value, index) =>
    value === null ? null : Math.max(0, value - (subject.points[index]!.throttledShare ?? 0)),
  );
  const found = segment(failures, changeRules.errorRate, subject);
  return (found?.windows ?? []).map((window) => {
    const failure = failureOf(subject, window);
    const known = failures.slice(window.from, window.to).filter((value) => value !== null);
    const own: Subject = {
      ...subject,
      points: subject.points.map((point, index) => ({ ...point, errorRate: failures[index]! })),
    };
    const share = Math.min(1, meanIn(own, window, 'errorRate') ?? 0);
    const status = statusIn(subject, window);
    const usualShare = found!.baseline.level;
    const because = `${percent(share)} of the calls ${words[failure]}${failure === 'answered' && status !== undefined ? ` (status ${status})` : ''}, from ${percent(Math.min(...known))} to ${percent(Math.max(...known))}; usual was ${percent(usualShare)}.`;
    return {
      window,
      fault: { target: subject.target, ...timeOf(subject, window), ...fitted[failure](share, status), because },
      share,
      lostShare: failure === 'timeout' ? share : 0,
      patienceMs: failure === 'timeout' ? medianIn(subject, window, share > 0.5 ? 'p50Ms' : 'p99Ms') : null,
    };
  });
};
