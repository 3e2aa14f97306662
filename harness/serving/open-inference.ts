import { z } from 'zod';
import type { Prediction } from '../../mocks/models/runtime.ts';
import type { Rows } from './clients/access.ts';
import { BadRequest } from './errors.ts';
import { flagIn, readBinaryInput } from './open-inference-binary.ts';
import { sizeOf } from './tensor-bytes.ts';

/**
 * The Open Inference Protocol v2 over REST, for one model of 64 pixels in and one of 10 digits out.
 * Source: github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md; read November 2026.
 */

/** Pixels of an 8x8 image. */
export const FEATURES = 64;
const CLASSES = 10;
/** Rows of one request: more would hold an instance for seconds. */
export const MAX_ROWS = 256;

export const SERVER_VERSION = '2';
export const MODEL_VERSION = '1';

/** What health checks ask about: an empty image. */
export const CHECK_ROW: readonly number[] = new Array<number>(FEATURES).fill(0);

/** A request, checked. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly rows: Rows;
  /** Outputs that the caller asked for; all where it named none. */
  readonly outputs: readonly OutputName[];
  /** Those of them that it wants as bytes behind the JSON: open-inference-binary.ts. */
  readonly binaryOutputs: readonly OutputName[];
}

export type OutputName = keyof typeof OUTPUTS;

/** The model's outputs: what each is, and how it is read off predictions. */
export const OUTPUTS = {
  label: {
    datatype: 'INT64',
    shapeOfRow: [] as readonly number[],
    read: (predictions: readonly Prediction[]): readonly number[] => predictions.map(({ label }) => label),
  },
  probabilities: {
    datatype: 'FP32',
    shapeOfRow: [CLASSES] as readonly number[],
    read(predictions: readonly Prediction[]): readonly number[] {
      const values: number[] = [];
      for (const { probabilities } of predictions) for (const probability of probabilities) values.push(probability);
      return values;
    },
  },
} as const;

export const OUTPUT_NAMES = Object.keys(OUTPUTS) as readonly OutputName[];

const inferRequest = z.object({
  id: z.string().optional(),
  inputs: z
    .array(
      z.object({
        name: z.literal('pixels'),
        shape: z.tuple([z.int().min(1).max(MAX_ROWS), z.literal(FEATURES)]),
        datatype: z.literal('FP32'),
        // Checked after it is made flat: a schema for each number of a batch would be slow. Absent where the data are bytes.
        data: z.array(z.unknown()).optional(),
        parameters: z.unknown().optional(),
      }),
    )
    .length(1),
  outputs: z.array(z.object({ name: z.enum(OUTPUT_NAMES), parameters: z.unknown().optional() })).optional(),
  parameters: z.unknown().optional(),
});

/** Where in a document, in words: `inputs[0].shape`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text ? '.' : ''}${String(key)}`),
    '',
  ) || 'The body';

type InferBody = z.output<typeof inferRequest>;

/**
 * Whether a body is of the usual kind: one flat or nested input, all outputs. The schema takes whatever this takes, and is asked only
 * about the rest, for it takes longer than all other reading of a request; test/harness/serving/open-inference.test.ts holds one to the other.
 */
const isUsual = (body: unknown): body is InferBody => {
  const { id, inputs, outputs, parameters } = (body ?? {}) as { readonly [key in keyof InferBody]?: unknown };
  if (!Array.isArray(inputs) || inputs.length !== 1 || outputs !== undefined || parameters !== undefined) return false;
  if (id !== undefined && typeof id !== 'string') return false;
  const { name, shape, datatype, data } = (inputs[0] ?? {}) as { readonly [key in keyof InferBody['inputs'][0]]?: unknown };
  if (name !== 'pixels' || datatype !== 'FP32' || !Array.isArray(data)) return false;
  if (!Array.isArray(shape) || shape.length !== 2) return false;
  const [rows, features] = shape as readonly unknown[];
  return Number.isInteger(rows) && (rows as number) >= 1 && (rows as number) <= MAX_ROWS && features === FEATURES;
};

/** @throws {BadRequest} with the first thing that is wrong */
const checkBody = (body: unknown): InferBody => {
  if (isUsual(body)) return body;
  const { data, error } = inferRequest.safeParse(body);
  if (data) return data;
  const { path, message } = error.issues[0]!;
  throw new BadRequest(`${placeOf(path)}: ${message}.`);
};

const isNumber = (value: unknown): value is number => Number.isFinite(value);

/** Data is flat, or a list a row: the protocol allows both. */
const readValues = (data: readonly unknown[], expected: number): readonly number[] => {
  const values = data.some(Array.isArray) ? data.flat() : data;
  if (values.length !== expected) {
    throw new BadRequest(`inputs[0].data has ${values.length} values; its shape takes ${expected}.`);
  }
  if (values.every(isNumber)) return values;
  const bad = values.findIndex((value) => !isNumber(value));
  throw new BadRequest(`inputs[0].data: value ${bad} is not a finite number.`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest('The body is not JSON.');
  }
};

/** The values of an input as rows. */
export const rowsOf = (values: readonly number[], count: number): Rows =>
  count === 1 ? [values] : Array.from({ length: count }, (_, row) => values.slice(row * FEATURES, (row + 1) * FEATURES));

/**
 * Reads an inference request.
 * @param bytes what stands behind the JSON; empty where nothing does
 * @throws {BadRequest} with the place and what would be right
 */
export const parseInferRequest = (text: string, bytes: Uint8Array = NO_BYTES): InferRequest => {
  const { id, inputs, outputs, parameters } = checkBody(parseJson(text));
  const [{ shape, data, parameters: ofInput }] = inputs as [InferBody['inputs'][0]];
  const [count, width] = shape;
  const values = data ? readValues(data, count * width) : readBinaryInput(bytes, ofInput, count * width);
  return {
    id,
    rows: rowsOf(values, count),
    outputs: outputs?.map(({ name }) => name) ?? OUTPUT_NAMES,
    binaryOutputs: outputs || parameters ? binaryOutputsOf(outputs, parameters) : NO_OUTPUTS,
  };
};

const NO_BYTES = new Uint8Array(0);
const NO_OUTPUTS: readonly OutputName[] = [];

const binaryOutputsOf = (outputs: InferBody['outputs'], parameters: unknown): readonly OutputName[] => {
  const usually = flagIn(parameters, 'binary_data_output') ?? false;
  const asked = outputs ?? OUTPUT_NAMES.map((name) => ({ name, parameters: undefined }));
  return asked.filter((output) => flagIn(output.parameters, 'binary_data') ?? usually).map(({ name }) => name);
};

/** The answer's body. An id that there is not is left out of its JSON. */
export const renderInferResponse = (
  model: string,
  request: InferRequest,
  { predictions, version }: { readonly predictions: readonly Prediction[]; readonly version: string },
) => ({
  model_name: model,
  model_version: version || MODEL_VERSION,
  id: request.id,
  outputs: request.outputs.map((name) => {
    const { datatype, shapeOfRow, read } = OUTPUTS[name];
    const shape = [predictions.length, ...shapeOfRow];
    const values = read(predictions);
    return request.binaryOutputs.includes(name)
      ? { name, shape, datatype, parameters: { binary_data_size: sizeOf(datatype, values.length) } }
      : { name, shape, datatype, data: values };
  }),
});

/** Metadata of the model. A dimension of -1 may have any length. */
export const describeModel = (model: string) => ({
  name: model,
  versions: [MODEL_VERSION],
  platform: 'squall-gateway',
  inputs: [{ name: 'pixels', datatype: 'FP32', shape: [-1, FEATURES] }],
  outputs: OUTPUT_NAMES.map((name) => ({
    name,
    datatype: OUTPUTS[name].datatype,
    shape: [-1, ...OUTPUTS[name].shapeOfRow],
  })),
});

/** Metadata of the server. */
export const describeServer = () => ({
  name: 'squall-gateway',
  version: SERVER_VERSION,
  extensions: ['binary_tensor_data'] as readonly string[],
});
