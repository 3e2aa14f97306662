import type { Prediction } from '../../../../mocks/models/runtime.ts';
import type { Observation } from '../../../serving/observation.ts';
import type {
  AttemptObservation,
  BreakerObservation,
  CallObservation,
  Observations,
  RequestObservation,
  SecondObservation,
} from '../observations.ts';
import type { DoorObserver } from './lanes.ts';

/** Collects a run's observations. Times go in as the clock's. */
export interface Observer extends DoorObserver {
  onObservation(observation: Observation): void;
  onCall(call: CallObservation): void;
  /** All that was seen. @param zeroMs the clock's time at which the measured timeline began */
  observations(zeroMs: number): Observations;
}

export interface ObserverOptions {
  nowMs(): number;
  /** The design's; null where there is none. */
  readonly deadlineMs: number | null;
  /** What the served model predicts for each sample. */
  readonly predictions: readonly Prediction[];
  /** Bodies of requests from the first comma on, by sample. */
  readonly inputs: ReadonlyMap<string, number>;
}

/** Rungs whose answers are the served model's own predictions. */
const FAITHFUL_RUNGS: readonly string[] = ['', 'cached-prediction'];

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const probabilitiesIn = (body: string): readonly number[] | undefined => {
  try {
    const { outputs } = JSON.parse(body) as { outputs: readonly { name?: unknown; data?: readonly number[] }[] };
    return outputs.find(({ name }) => name === 'probabilities')?.data;
  } catch {
    return undefined;
  }
};

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export const createObserver = ({ nowMs, deadlineMs, predictions, inputs }: ObserverOptions): Observer => {
  const requests: Mutable<RequestObservation>[] = [];
  const calls: CallObservation[] = [];
  const attempts: AttemptObservation[] = [];
  const breakers: BreakerObservation[] = [];
  /** As they stand in an answer's JSON: looked for before the answer is parsed. */
  const written = predictions.map(({ probabilities }) => JSON.stringify(probabilities));

  const isOwn = (sampleIndex: number, body: string): boolean => {
    if (body.includes(written[sampleIndex]!)) return true;
    const { probabilities } = predictions[sampleIndex]!;
    const answered = probabilitiesIn(body);
    return answered?.length === probabilities.length && answered.every((value, index) => value === probabilities[index]);
  };

  return {
    onRequest(body) {
      const comma = body.indexOf(',');
      const acceptedAtMs = nowMs();
      const request: Mutable<RequestObservation> = {
        id: JSON.parse(body.slice(body.indexOf(':') + 1, comma)) as string,
        acceptedAtMs,
        deadlineAtMs: deadlineMs === null ? null : acceptedAtMs + deadlineMs,
        answeredAtMs: null,
        abandonedAtMs: null,
        answers: 0,
        status: 0,
        servedBy: '',
        degraded: '',
        sampleIndex: inputs.get(body.slice(comma)) ?? -1,
        isOwnPrediction: null,
      };
      requests.push(request);
      return {
        answered(status, headers, text) {
          request.answeredAtMs = nowMs();
          request.status = status;
          request.servedBy = headers['x-squall-served-by'] ?? '';
          request.degraded = headers['x-squall-degraded'] ?? '';
          if (!isSuccess(status)) return;
          if (text.includes(`"id":"${request.id}"`)) request.answers += 1;
          if (FAITHFUL_RUNGS.includes(request.degraded)) request.isOwnPrediction = isOwn(request.sampleIndex, text);
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
