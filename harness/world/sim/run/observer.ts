import type { Prediction } from '../../../../mocks/models/runtime.ts';
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
  /** What the served model predicts for each sample. */
  readonly predictions: readonly Prediction[];
  /** Bodies of requests from the first comma on, by sample. */
  readonly inputs: ReadonlyMap<string, number>;
  /** What rungs that predict by themselves give for a sample, as far as it is known: functions of nothing but the sample. */
  readonly degraded: Readonly<Record<string, (sampleIndex: number) => Expected | undefined>>;
  readonly rows: WireRows;
}

/** Without probabilities the label alone is looked at. */
export type Expected = Pick<Prediction, 'label'> & Partial<Prediction>;

/** Where answers are the served model's own predictions: at a link, and in the cache. */
const OF_SERVED_MODEL: readonly string[] = ['', 'cached-prediction'];

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** @param name of an output of the answer */
const valuesIn = (body: string, name: string): readonly number[] | undefined => {
  try {
    const { outputs } = JSON.parse(body) as { outputs: readonly { name?: unknown; data?: readonly number[] }[] };
    return outputs.find((output) => output.name === name)?.data;
  } catch {
    return undefined;
  }
};

const isEqual = (values: readonly number[] | undefined, expected: readonly number[]): boolean =>
  values?.length === expected.length && expected.every((value, index) => value === values[index]);

const isAsExpected = (body: string, { label, probabilities }: Expected): boolean =>
  isEqual(valuesIn(body, 'label'), [label]) &&
  (probabilities === undefined || isEqual(valuesIn(body, 'probabilities'), probabilities));

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export const createObserver = ({ nowMs, deadlineMs, predictions, inputs, degraded, rows }: ObserverOptions): Observer => {
  const requests: Mutable<RequestObservation>[] = [];
  const exchanges: Mutable<ExchangeObservation>[] = [];
  const calls: CallObservation[] = [];
  const attempts: AttemptObservation[] = [];
  const breakers: BreakerObservation[] = [];
  /** As they stand in an answer's JSON: looked for before the answer is parsed. */
  const written = predictions.map(({ probabilities }) => JSON.stringify(probabilities));

  const isOwn = (sampleIndex: number, rung: string, body: string): boolean | null => {
    if (OF_SERVED_MODEL.includes(rung)) {
      return (
        body.includes(written[sampleIndex]!) || isEqual(valuesIn(body, 'probabilities'), predictions[sampleIndex]!.probabilities)
      );
    }
    const expected = degraded[rung]?.(sampleIndex);
    return expected ? isAsExpected(body, expected) : null;
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
          request.isOwnPrediction = isOwn(request.sampleIndex, request.degraded, text);
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
