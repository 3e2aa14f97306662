import type { LaneAnswer } from '../lane.ts';
import { callerHeaders, isSuccess, judgementOf, LOST, type LoadDoor } from './door.ts';
import { headerOf, marksIn } from './headers.ts';

const HEADERS = { 'content-type': 'application/json' };

/** The values of an output; undefined when there is none of that name. */
const valuesIn = (body: string, name: string): readonly unknown[] | undefined => {
  try {
    const { outputs } = JSON.parse(body) as { outputs: readonly { name?: unknown; data?: readonly unknown[] }[] };
    return outputs.find((output) => output.name === name)?.data;
  } catch {
    return undefined;
  }
};

const isEqual = (values: readonly unknown[] | undefined, expected: readonly number[]): boolean =>
  values?.length === expected.length && expected.every((value, index) => value === values[index]);

const labelIn = (body: string): number | null => {
  const value = valuesIn(body, 'label')?.[0];
  return typeof value === 'number' ? value : null;
};

/** As they stand in an answer's JSON: looked for before the answer is parsed. */
const written = new WeakMap<readonly number[], string>();

const textOf = (probabilities: readonly number[]): string => {
  const known = written.get(probabilities);
  if (known !== undefined) return known;
  const text = JSON.stringify(probabilities);
  written.set(probabilities, text);
  return text;
};

const marksOf = ({ status, headers }: LaneAnswer) => ({ status, ...marksIn(headers) });

/** Open Inference Protocol v2 over REST, JSON in and out. */
export const rest: LoadDoor = {
  summary: 'Open Inference Protocol v2 over REST',
  transport: 'http',
  requests(model, samples) {
    const path = `/v2/models/${encodeURIComponent(model)}/infer`;
    const inputs = samples.map(({ pixels }) =>
      JSON.stringify([{ name: 'pixels', shape: [1, pixels.length], datatype: 'FP32', data: pixels }]),
    );
    return ({ id, sampleIndex, caller }) => ({
      id,
      sampleIndex,
      path,
      headers: { ...HEADERS, ...callerHeaders(caller) },
      body: `{"id":${JSON.stringify(id)},"inputs":${inputs[sampleIndex]}}`,
    });
  },
  marksOf,
  judge(end, label) {
    if (end.type === 'lost') return LOST;
    const judgement = judgementOf(marksOf(end), isSuccess(end.status) ? labelIn(end.body as string) : null, label);
    return end.status === 503 && headerOf(end.headers, 'retry-after') !== '' ? { ...judgement, isShed: true } : judgement;
  },
  answersTo: ({ body }, id) => ((body as string).includes(`"id":"${id}"`) ? 1 : 0),
  holds(answer, { label, probabilities }) {
    const body = answer.body as string;
    if (probabilities) return body.includes(textOf(probabilities)) || isEqual(valuesIn(body, 'probabilities'), probabilities);
    return isEqual(valuesIn(body, 'label'), [label]);
  },
};
