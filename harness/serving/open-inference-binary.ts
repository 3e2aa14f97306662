import { BadRequest } from './errors.ts';
import { readTensor, sizeOf } from './tensor-bytes.ts';

/**
 * The binary data extension of the Open Inference Protocol over REST: tensors stand as bytes behind the JSON, whose own length a header has.
 * NVIDIA's clients speak so unless told otherwise. Source: github.com/triton-inference-server/server, docs/protocol/extension_binary_data.md;
 * read November 2026.
 */

/** Header of requests and answers: length of the JSON, bytes. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

const DIGITS = /^(?:0|[1-9]\d{0,8})$/;

/**
 * Where the JSON of a body ends, and its bytes begin.
 * @param header value of `Inference-Header-Content-Length`
 * @throws {BadRequest} when it is no length within the body
 */
export const jsonLengthOf = (header: string, bodyBytes: number): number => {
  if (DIGITS.test(header) && Number(header) <= bodyBytes) return Number(header);
  throw new BadRequest(
    `Inference-Header-Content-Length is ${JSON.stringify(header)}; the length of the JSON is expected, at most the body's ${bodyBytes} bytes.`,
  );
};

const parameterIn = (parameters: unknown, name: string): unknown =>
  typeof parameters === 'object' && parameters !== null ? (parameters as Readonly<Record<string, unknown>>)[name] : undefined;

/** A parameter that is true or false; undefined where it is not there, or something else. */
export const flagIn = (parameters: unknown, name: string): boolean | undefined => {
  const value = parameterIn(parameters, name);
  return typeof value === 'boolean' ? value : undefined;
};

/**
 * The values of the only input, when they are bytes.
 * @param bytes all that stands behind the JSON
 * @param count elements that its shape takes
 * @throws {BadRequest} when the input has no data at all, or not as many as its shape takes
 */
export const readBinaryInput = (bytes: Uint8Array, parameters: unknown, count: number): readonly number[] => {
  const size = parameterIn(parameters, 'binary_data_size');
  if (size === undefined) throw new BadRequest('inputs[0] has neither data nor parameters.binary_data_size; one is expected.');
  const expected = sizeOf('FP32', count);
  if (size !== expected) {
    throw new BadRequest(`inputs[0].parameters.binary_data_size is ${JSON.stringify(size)}; its shape takes ${expected}.`);
  }
  if (bytes.byteLength !== expected) {
    throw new BadRequest(`${bytes.byteLength} bytes stand behind the JSON; inputs[0] takes ${expected}.`);
  }
  return finite(readTensor('FP32', bytes));
};

/** @throws {BadRequest} */
export const finite = (values: readonly number[]): readonly number[] => {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return values;
  throw new BadRequest(`inputs[0].data: value ${bad} is not a finite number.`);
};
