import { badRequest, type ErrorDetail } from './errors.ts';
import { readInstance } from './instance.ts';

/** The body is not a PredictRequest: the API refuses it before the model sees it. */
export class InvalidArgument extends Error {
  override readonly name = 'InvalidArgument';
  readonly details: readonly ErrorDetail[];
  constructor(message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.details = details;
  }
}

/** The body is over the size that Vertex AI takes. */
export class RequestTooLarge extends Error {
  override readonly name = 'RequestTooLarge';
}

/** Fields of google.cloud.aiplatform.v1.PredictRequest, `endpoint` being in the path. */
const FIELDS: readonly string[] = ['instances', 'parameters', 'labels'];

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  const fail = (what: string) =>
    new InvalidArgument(`Invalid JSON payload received. ${what}`, [badRequest(`Invalid JSON payload received. ${what}`)]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail(text.trim() === '' ? 'Unexpected end of string. Expected a value.' : 'Unexpected token.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fail('Root element must be a message.');
  }
  return value as Readonly<Record<string, unknown>>;
};

/**
 * Reads the rows of a PredictRequest in JSON: `{"instances": [[...], ...]}`.
 * @throws {InvalidArgument} for what the API refuses
 * @throws {ModelInputError} (mocks/models/runtime.ts) for instances that only the model refuses: any JSON value is an instance to the API
 */
export const parsePredictRequest = (text: string): readonly (readonly number[])[] => {
  const body = parseObject(text);
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    const message = `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`;
    throw new InvalidArgument(message, [badRequest(message)]);
  }
  const { instances } = body;
  if (instances !== undefined && !Array.isArray(instances)) {
    const message = "Invalid value at 'instances' (type.googleapis.com/google.protobuf.Value), a list was expected.";
    throw new InvalidArgument(message, [badRequest(message, 'instances')]);
  }
  if (instances === undefined || instances.length === 0) throw new InvalidArgument('Empty instances.');
  return instances.map(readInstance);
};
