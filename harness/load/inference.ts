import type { AnswerHeaders, LaneEnd } from './lanes.ts';
import type { RequestRecord } from './sample.ts';
import type { Sample } from './samples.ts';

/** Path of the system under test that predictions are had from (Open Inference Protocol v2, REST). */
export const inferencePath = (model: string): string => `/v2/models/${encodeURIComponent(model)}/infer`;

/** Makes the body of a request for one sample; the part that is the same each time is made once. */
export const createBodies = (samples: readonly Sample[]): ((id: string, sampleIndex: number) => string) => {
  const inputs = samples.map(({ pixels }) =>
    JSON.stringify([{ name: 'pixels', shape: [1, pixels.length], datatype: 'FP32', data: pixels }]),
  );
  return (id, sampleIndex) => `{"id":${JSON.stringify(id)},"inputs":${inputs[sampleIndex]}}`;
};

/** How a request ended, and what the answer says of itself. */
export type Judgement = Pick<RequestRecord, 'outcome' | 'status' | 'servedBy' | 'degraded' | 'isCorrect'>;

const NO_ANSWER = { status: 0, servedBy: '', degraded: '', isCorrect: null } as const;

/** Given up at the time-out. */
export const TIMED_OUT: Judgement = { outcome: 'timeout', ...NO_ANSWER };

/** Reads what came back. @param label what the data set says the sample is */
export const judgeEnd = (end: LaneEnd, label: number): Judgement => {
  if (end.type === 'lost') return { outcome: 'connection-error', ...NO_ANSWER };
  const isOk = end.status >= 200 && end.status < 300;
  const predicted = isOk ? readLabel(end.body) : null;
  return {
    outcome: isOk ? 'ok' : 'http-error',
    status: end.status,
    servedBy: headerOf(end.headers, 'x-squall-served-by'),
    degraded: headerOf(end.headers, 'x-squall-degraded'),
    isCorrect: predicted === null ? null : predicted === label,
  };
};

/** The first value of the output `label`; null when there is none. */
const readLabel = (body: string): number | null => {
  try {
    const { outputs } = JSON.parse(body) as { outputs: readonly { name?: unknown; data?: readonly unknown[] }[] };
    const value = outputs.find(({ name }) => name === 'label')?.data?.[0];
    return typeof value === 'number' ? value : null;
  } catch {
    return null;
  }
};

const headerOf = (headers: AnswerHeaders, wanted: string): string => {
  const own = headers[wanted];
  if (own !== undefined) return String(own);
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted);
  return found ? String(found[1]) : '';
};
