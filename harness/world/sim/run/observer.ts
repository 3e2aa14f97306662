import type { Prediction } from '../../../../mocks/models/runtime.ts';
import { type ExpectedPrediction, isSuccess, type LoadDoor } from '../../../load/doors/door.ts';
import type { LaneAnswer } from '../../../load/lane.ts';
import type { Observation } from '../../../serving/observation.ts';
import type {
  AttemptObservation,
  BreakerObservation,
  CallObservation,
  ExchangeObservation,
  Observations,
  RequestObservation,
  SecondObservation,
} from '../observations.ts';
import type { DoorObserver } from './lanes.ts';
import type { WireRows } from './wire-rows.ts';

/** Collects a run's observations. Times go in as the clock's. */
export interface Observer extends DoorObserver {
  onObservation(observation: Observation): void;
  onCall(call: CallObservation): void;
  /** A prediction is asked of a provider. @returns what hears how the exchange ends */
  onExchange(linkId: string, body: string): (end: string) => void;
  /** All that was seen. @param zeroMs the clock's time at which the measured timeline began */
  observations(zeroMs: number): Observations;
}

export interface ObserverOptions {
  nowMs(): number;
  /** The design's; null where there is none. */
  readonly deadlineMs: number | null;
  /** That the load comes by. */
  readonly door: LoadDoor;
  /** What the served model predicts for each sample. */
  readonly predictions: readonly Prediction[];
  /** What rungs that predict by themselves give for a sample, as far as it is known: functions of nothing but the sample. */
  readonly degraded: Readonly<Record<string, (sampleIndex: number) => ExpectedPrediction | undefined>>;
  readonly rows: WireRows;
}

/** Where answers are the served model's own predictions: at a link, and in the cache. */
const OF_SERVED_MODEL: readonly string[] = ['', 'cached-prediction'];

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export const createObserver = ({ nowMs, deadlineMs, door, predictions, degraded, rows }: ObserverOptions): Observer => {
  const requests: Mutable<RequestObservation>[] = [];
  /** By id, for a caller that asks again: it is one request. */
  const pending = new Map<string, Mutable<RequestObservation>>();
  const exchanges: Mutable<ExchangeObservation>[] = [];
  const calls: CallObservation[] = [];
  const attempts: AttemptObservation[] = [];
  const breakers: BreakerObservation[] = [];

  const isOwn = (sampleIndex: number, rung: string, answer: LaneAnswer): boolean | null => {
    const expected = OF_SERVED_MODEL.includes(rung) ? predictions[sampleIndex] : degraded[rung]?.(sampleIndex);
    return expected ? door.holds(answer, expected) : null;
  };

  return {
    onRequest({ id, sampleIndex, deadlineMs: callerMs = Number.POSITIVE_INFINITY }) {
      const acceptedAtMs = nowMs();
      const request: Mutable<RequestObservation> = pending.get(id) ?? {
        id,
        acceptedAtMs,
        // What comes later may come much later: by its doors' own words it has no deadline.
        deadlineAtMs: deadlineMs === null || door.later ? null : acceptedAtMs + Math.min(deadlineMs, callerMs),
        answeredAtMs: null,
        abandonedAtMs: null,
        answers: 0,
        status: 0,
        servedBy: '',
        degraded: '',
        sampleIndex,
        isOwnPrediction: null,
      };
      if (!pending.has(id)) requests.push(request);
      if (door.later) pending.set(id, request);
      return {
        answered(response) {
          const answer = door.later ? door.later.answerIn(response) : response;
          if (!answer) return;
          const marks = door.marksOf(answer);
          request.answeredAtMs = nowMs();
          request.status = marks.status;
          request.servedBy = marks.servedBy;
          request.degraded = marks.degraded;
          if (!isSuccess(marks.status)) return;
          request.answers += door.answersTo(answer, id);
          request.isOwnPrediction = isOwn(sampleIndex, marks.degraded, answer);
        },
        abandoned() {
          request.abandonedAtMs = nowMs();
        },
      };
    },
    onObservation(observation) {
      const { linkId } = observation;
      if (observation.type === 'attempt')
        attempts.push({ atMs: nowMs(), linkId, kind: observation.kind, remainingMs: observation.remainingMs });
      else breakers.push({ atMs: nowMs(), linkId, to: observation.to });
    },
    onCall: (call) => void calls.push(call),
    onExchange(linkId, body) {
      const exchange: Mutable<ExchangeObservation> = { linkId, atMs: nowMs(), about: rows(body), end: '' };
      exchanges.push(exchange);
      return (end) => {
        exchange.end = end;
      };
    },
    observations(zeroMs) {
      const shifted = <Seen extends { readonly atMs: number }>(seen: readonly Seen[]) =>
        seen.map((one) => ({ ...one, atMs: one.atMs - zeroMs }));
      const minus = (ms: number | null) => (ms === null ? null : ms - zeroMs);
      const shiftedAttempts = shifted(attempts);
      return {
        requests: requests.map((request) => ({
          ...request,
          acceptedAtMs: request.acceptedAtMs - zeroMs,
          deadlineAtMs: minus(request.deadlineAtMs),
          answeredAtMs: minus(request.answeredAtMs),
          abandonedAtMs: minus(request.abandonedAtMs),
        })),
        exchanges: shifted(exchanges),
        calls: shifted(calls),
        attempts: shiftedAttempts,
        breakers: shifted(breakers),
        seconds: bySecond(shiftedAttempts),
      };
    },
  };
};

const COUNTER = { primary: 'primaries', retry: 'retries', hedge: 'hedges' } as const;

const bySecond = (attempts: readonly AttemptObservation[]): readonly SecondObservation[] => {
  const seconds = new Map<number, Mutable<SecondObservation>>();
  for (const { atMs, kind } of attempts) {
    const second = Math.floor(atMs / 1000);
    const counts = seconds.get(second) ?? { second, primaries: 0, retries: 0, hedges: 0 };
    counts[COUNTER[kind]] += 1;
    seconds.set(second, counts);
  }
  return [...seconds.values()];
};
