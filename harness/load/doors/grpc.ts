import { type ModelInferResponse, messages, SERVICE } from '../../serving/doors/inference-proto.ts';
import type { LaneAnswer } from '../lane.ts';
import { callerHeaders, isSuccess, judgementOf, LOST, type LoadDoor } from './door.ts';
import { httpStatusOf } from './grpc-status.ts';
import { marksIn } from './headers.ts';

const PATH = `/${SERVICE}/ModelInfer`;

/** Answers that have been read: several look at each. */
const decoded = new WeakMap<LaneAnswer, ModelInferResponse | null>();

/** @returns null for bytes that are no such message */
const read = (answer: LaneAnswer): ModelInferResponse | null => {
  const known = decoded.get(answer);
  if (known !== undefined) return known;
  let response: ModelInferResponse | null = null;
  try {
    response = messages.ModelInferResponse.decode(answer.body as Uint8Array);
  } catch {
    // Not a message of the protocol: no prediction is in it.
  }
  decoded.set(answer, response);
  return response;
};

const contentsOf = (answer: LaneAnswer, name: string) => read(answer)?.outputs.find((output) => output.name === name)?.contents;

const labelIn = (answer: LaneAnswer): number | null => {
  const label = contentsOf(answer, 'label')?.int64Contents?.[0];
  return label === undefined ? null : Number(label);
};

/** Floats of the protocol have single precision. */
const isEqual = (values: readonly number[] | undefined, expected: readonly number[]): boolean =>
  values?.length === expected.length && expected.every((value, index) => values[index] === Math.fround(value));

const marksOf = ({ status, headers }: LaneAnswer) => ({ status: httpStatusOf(status), ...marksIn(headers) });

/** Open Inference Protocol v2 over gRPC: the caller's time-out is its deadline. */
export const grpc: LoadDoor = {
  summary: 'the same protocol over gRPC; its deadline is `timeout`',
  transport: 'grpc',
  requests(model, samples) {
    // Fields of a message may stand in any order: what is the same in each goes before, the id behind.
    const { encode } = messages.ModelInferRequest;
    const common = samples.map(({ pixels }) => {
      const shape = [1n, BigInt(pixels.length)];
      const input = { name: 'pixels', datatype: 'FP32', shape, contents: { fp32Contents: pixels } };
      return encode({ modelName: model, inputs: [input] });
    });
    return ({ id, sampleIndex, caller, timeoutMs }) => {
      const own = encode({ id });
      const before = common[sampleIndex]!;
      const body = new Uint8Array(before.length + own.length);
      body.set(before);
      body.set(own, before.length);
      return { id, sampleIndex, path: PATH, headers: callerHeaders(caller), body, deadlineMs: Math.ceil(timeoutMs) };
    };
  },
  marksOf,
  judge(end, label) {
    if (end.type === 'lost') return LOST;
    const marks = marksOf(end);
    return judgementOf(marks, isSuccess(marks.status) ? labelIn(end) : null, label);
  },
  answersTo: (answer, id) => (read(answer)?.id === id ? 1 : 0),
  holds(answer, { label, probabilities }) {
    if (labelIn(answer) !== label) return false;
    return probabilities === undefined || isEqual(contentsOf(answer, 'probabilities')?.fp32Contents, probabilities);
  },
};
