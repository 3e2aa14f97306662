import type { LaneAnswer } from '../lane.ts';
import type { Sample } from '../samples.ts';
import { callerFields, isSuccess, judgementOf, LOST, type LoadCaller, type LoadDoor, type Marks } from './door.ts';

/** GraphQL over HTTP, draft of 2025: what a client that speaks it accepts. */
const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
};

const QUERY =
  'query Predict($model: ID!, $pixels: [Float!]!) { predict(model: $model, pixels: $pixels) { label probabilities } }';
const QUERY_MANY =
  'query PredictMany($model: ID!, $images: [[Float!]!]!) { predictMany(model: $model, images: $images) { label probabilities } }';

/** What an operation of the load asks for, where it is more than the image of its request. */
export interface GraphqlOperation {
  /** Images, at least 1. */
  readonly perQuery: number;
  /** One more, the first, that is no image: it has a pixel too few. */
  readonly oneBad: boolean;
}

interface Predicted {
  readonly label: number;
  readonly probabilities: readonly number[];
}

interface Result {
  readonly data?: { readonly predict?: Predicted | null; readonly predictMany?: readonly (Predicted | null)[] | null } | null;
  readonly errors?: readonly {
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly status?: unknown };
  }[];
  readonly extensions?: {
    readonly squall?: { readonly servedBy?: string; readonly degraded?: string | null; readonly modelVersion?: string | null };
    readonly request?: { readonly id?: string };
  };
}

/** An answer is looked at several times, and parsed once. */
const parsed = new WeakMap<LaneAnswer, Result>();

const resultOf = (answer: LaneAnswer): Result => {
  const known = parsed.get(answer);
  if (known) return known;
  let result: Result = {};
  try {
    result = (JSON.parse(answer.body as string) as Result | null) ?? {};
  } catch {
    // What is no JSON has neither data nor errors.
  }
  parsed.set(answer, result);
  return result;
};

type PredictionIn = (result: Result) => Predicted | undefined;

const single: PredictionIn = ({ data }) => data?.predict ?? undefined;

/** An operation is answered when all its images are; what is no image has an error at its place, the first, and nothing else has one. */
const ofMany =
  ({ perQuery, oneBad }: GraphqlOperation): PredictionIn =>
  ({ data, errors = [] }) => {
    const images = data?.predictMany ?? [];
    const isComplete = images.length === perQuery + Number(oneBad) && images.slice(Number(oneBad)).every((one) => one !== null);
    const isOnlyBadRefused = errors.length === Number(oneBad) && errors.every(({ path }) => path?.[1] === 0);
    return isComplete && isOnlyBadRefused ? (images.at(-1) ?? undefined) : undefined;
  };

/** The request's own sample is the last: it is only predicted rightly where all before it are counted. */
const variablesOfMany = (model: string, samples: readonly Sample[], { perQuery, oneBad }: GraphqlOperation) =>
  samples.map((own, index) => {
    const others = Array.from({ length: perQuery - 1 }, (_, at) => samples[(index + 1 + at) % samples.length]!.pixels);
    return JSON.stringify({ model, images: [...(oneBad ? [own.pixels.slice(1)] : []), ...others, own.pixels] });
  });

/** An operation's extensions: what its answer repeats, and in `squall` who makes it. */
const extensionsOf = (id: string, caller: LoadCaller) => {
  const squall = callerFields(caller);
  return { request: { id }, ...(Object.keys(squall).length === 0 ? {} : { squall }) };
};

/** GraphQL over HTTP: a query with variables; marks come in the answer's extensions. @param operation absent for an image a query */
export const createGraphqlDoor = (operation?: GraphqlOperation): LoadDoor => {
  const predictionIn = operation ? ofMany(operation) : single;
  const predictedBy = (answer: LaneAnswer) => predictionIn(resultOf(answer));

  /** GraphQL answers 200 to what went wrong in a field: the error says what it would be elsewhere. */
  const statusOf = (answer: LaneAnswer): number => {
    if (predictedBy(answer)) return answer.status;
    const status = resultOf(answer).errors?.[0]?.extensions?.status;
    if (typeof status === 'number') return status;
    return isSuccess(answer.status) ? 500 : answer.status;
  };

  const marksOf = (answer: LaneAnswer): Marks => {
    const { servedBy, degraded, modelVersion } = resultOf(answer).extensions?.squall ?? {};
    return { status: statusOf(answer), servedBy: servedBy ?? '', degraded: degraded ?? '', version: modelVersion ?? '' };
  };

  return {
    summary: 'GraphQL over HTTP, a query for each prediction',
    transport: 'http',
    requests(model, samples) {
      const query = JSON.stringify(operation ? QUERY_MANY : QUERY);
      const variables = operation
        ? variablesOfMany(model, samples, operation)
        : samples.map(({ pixels }) => JSON.stringify({ model, pixels }));
      return ({ id, sampleIndex, caller }) => ({
        id,
        sampleIndex,
        path: '/graphql',
        headers: HEADERS,
        body: `{"query":${query},"variables":${variables[sampleIndex]},"extensions":${JSON.stringify(extensionsOf(id, caller))}}`,
      });
    },
    marksOf,
    judge(end, label) {
      if (end.type === 'lost') return LOST;
      const predicted = predictedBy(end)?.label;
      return judgementOf(marksOf(end), typeof predicted === 'number' ? predicted : null, label);
    },
    answersTo: (answer, id) => (predictedBy(answer) && resultOf(answer).extensions?.request?.id === id ? 1 : 0),
    holds(answer, { label, probabilities }) {
      const predicted = predictedBy(answer);
      if (predicted?.label !== label) return false;
      return probabilities === undefined || JSON.stringify(predicted.probabilities) === JSON.stringify(probabilities);
    },
  };
};

export const graphql: LoadDoor = createGraphqlDoor();
