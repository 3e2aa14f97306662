import type { LaneAnswer } from '../lane.ts';
import { callerHeaders, isSuccess, judgementOf, LOST, type LoadDoor, type Marks } from './door.ts';

/** GraphQL over HTTP, draft of 2025: what a client that speaks it accepts. */
const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
};

const QUERY =
  'query Predict($model: ID!, $pixels: [Float!]!) { predict(model: $model, pixels: $pixels) { label probabilities } }';

interface Result {
  readonly data?: { readonly predict?: { readonly label: number; readonly probabilities: readonly number[] } | null } | null;
  readonly errors?: readonly { readonly extensions?: { readonly status?: unknown } }[];
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

/** GraphQL answers 200 to what went wrong in a field: the error says what it would be elsewhere. */
const statusOf = (answer: LaneAnswer): number => {
  const { data, errors } = resultOf(answer);
  if (data?.predict) return answer.status;
  const status = errors?.[0]?.extensions?.status;
  if (typeof status === 'number') return status;
  return isSuccess(answer.status) ? 500 : answer.status;
};

const marksOf = (answer: LaneAnswer): Marks => {
  const { servedBy, degraded, modelVersion } = resultOf(answer).extensions?.squall ?? {};
  return { status: statusOf(answer), servedBy: servedBy ?? '', degraded: degraded ?? '', version: modelVersion ?? '' };
};

/** GraphQL over HTTP: a query with variables; marks come in the answer's extensions. */
export const graphql: LoadDoor = {
  summary: 'GraphQL over HTTP, a query for each prediction',
  transport: 'http',
  requests(model, samples) {
    const variables = samples.map(({ pixels }) => JSON.stringify({ model, pixels }));
    const query = JSON.stringify(QUERY);
    return ({ id, sampleIndex, caller }) => ({
      id,
      sampleIndex,
      path: '/graphql',
      headers: { ...HEADERS, ...callerHeaders(caller) },
      body: `{"query":${query},"variables":${variables[sampleIndex]},"extensions":{"request":{"id":${JSON.stringify(id)}}}}`,
    });
  },
  marksOf,
  judge(end, label) {
    if (end.type === 'lost') return LOST;
    const predicted = resultOf(end).data?.predict?.label;
    return judgementOf(marksOf(end), typeof predicted === 'number' ? predicted : null, label);
  },
  answersTo: (answer, id) => (resultOf(answer).data?.predict && resultOf(answer).extensions?.request?.id === id ? 1 : 0),
  holds(answer, { label, probabilities }) {
    const predicted = resultOf(answer).data?.predict;
    if (predicted?.label !== label) return false;
    return probabilities === undefined || JSON.stringify(predicted.probabilities) === JSON.stringify(probabilities);
  },
};
