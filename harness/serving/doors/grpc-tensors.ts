import type { Rows } from '../clients/access.ts';
import { BadRequest } from '../errors.ts';
import { FEATURES, MAX_ROWS, MODEL_VERSION, OUTPUT_NAMES, OUTPUTS, type OutputName, rowsOf } from '../open-inference.ts';
import { finite } from '../open-inference-binary.ts';
import type { Answer } from '../serving.ts';
import { readTensor, sizeOf, writeTensor } from '../tensor-bytes.ts';
import type { ModelInferRequest, ModelInferResponse, Parameters, Tensor, TensorContents } from './inference-proto.ts';
import { marksOf } from './marks.ts';

const inWords = (shape: readonly bigint[]): string => `[${shape.join(', ')}]`;

/** @returns rows of the input. @throws {BadRequest} */
const checkInput = ({ inputs }: ModelInferRequest): number => {
  const [input] = inputs;
  if (!input || inputs.length !== 1) throw new BadRequest(`inputs: ${inputs.length} are there; one, pixels, is expected.`);
  const { name, datatype, shape } = input;
  if (name !== 'pixels') throw new BadRequest(`inputs[0].name is ${JSON.stringify(name)}; pixels is expected.`);
  if (datatype !== 'FP32') throw new BadRequest(`inputs[0].datatype is ${JSON.stringify(datatype)}; FP32 is expected.`);
  const [count = 0n, width] = shape;
  if (shape.length === 2 && count >= 1n && count <= MAX_ROWS && width === BigInt(FEATURES)) return Number(count);
  throw new BadRequest(`inputs[0].shape is ${inWords(shape)}; [1 to ${MAX_ROWS}, ${FEATURES}] is expected.`);
};

/** @throws {BadRequest} */
const readRaw = (raw: readonly Uint8Array[], count: number): readonly number[] => {
  const [bytes] = raw;
  const expected = sizeOf('FP32', count);
  if (bytes && raw.length === 1 && bytes.byteLength === expected) return readTensor('FP32', bytes);
  const sizes = raw.map(({ byteLength }) => byteLength).join(' and ');
  throw new BadRequest(`raw_input_contents: ${sizes} bytes are there; one tensor of ${expected} is expected.`);
};

/** @throws {BadRequest} */
const readContents = (contents: readonly number[], count: number): readonly number[] => {
  if (contents.length === count) return contents;
  throw new BadRequest(`inputs[0].contents.fp32_contents has ${contents.length} values; its shape takes ${count}.`);
};

/** The rows that a request asks about. @throws {BadRequest} with the place and what would be right */
export const rowsIn = (request: ModelInferRequest): Rows => {
  const rows = checkInput(request);
  const count = rows * FEATURES;
  const raw = request.rawInputContents;
  const contents = request.inputs[0]!.contents?.fp32Contents ?? [];
  if (raw.length > 0 && contents.length > 0) {
    throw new BadRequest('raw_input_contents and inputs[0].contents are both there; one of them is expected.');
  }
  return rowsOf(finite(raw.length > 0 ? readRaw(raw, count) : readContents(contents, count)), rows);
};

/** Outputs that a request asks for; all where it names none. @throws {BadRequest} */
export const outputsIn = ({ outputs }: ModelInferRequest): readonly OutputName[] => {
  if (outputs.length === 0) return OUTPUT_NAMES;
  return outputs.map(({ name }, index) => {
    const known = OUTPUT_NAMES.find((output) => output === name);
    if (known) return known;
    throw new BadRequest(`outputs[${index}].name is ${JSON.stringify(name)}; one of ${OUTPUT_NAMES.join(', ')} is expected.`);
  });
};

const contentsOf = (name: OutputName, values: readonly number[]): TensorContents =>
  OUTPUTS[name].datatype === 'INT64' ? { int64Contents: values.map(BigInt) } : { fp32Contents: values };

/** Marks stand in the message too: a stream has one set of metadata for all its answers, and some clients hand out none. */
const parametersOf = (answer: Answer): Parameters =>
  Object.fromEntries(
    Object.entries(marksOf(answer)).map(([name, value]) => [name, { parameterChoice: { case: 'stringParam', value } }]),
  );

/** The answer to a request: raw where the request was, as Triton has it. */
export const inferResponse = (
  model: string,
  request: ModelInferRequest,
  names: readonly OutputName[],
  answer: Answer,
): ModelInferResponse => {
  const isRaw = request.rawInputContents.length > 0;
  const read = (name: OutputName) => OUTPUTS[name].read(answer.predictions);
  const outputs = names.map((name): Tensor => {
    const { datatype, shapeOfRow } = OUTPUTS[name];
    const shape = [answer.predictions.length, ...shapeOfRow].map(BigInt);
    return isRaw ? { name, datatype, shape } : { name, datatype, shape, contents: contentsOf(name, read(name)) };
  });
  return {
    modelName: model,
    modelVersion: answer.version || MODEL_VERSION,
    id: request.id,
    parameters: parametersOf(answer),
    outputs,
    rawOutputContents: isRaw ? names.map((name) => writeTensor(OUTPUTS[name].datatype, read(name))) : [],
  };
};
