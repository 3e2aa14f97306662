import { ModelInputError, type ModelRuntime, type Prediction } from '../../models/runtime.ts';
import { failure, invalidEntity, notFound } from './errors.ts';
import { isObject, wrongType } from './request.ts';
import type { Space } from './space.ts';

/** Rows of one request. */
const MAX_ROWS = 4096;

/** Columns that the scoring of a classifier answers with. */
const FIELDS = ['prediction', 'probability'];

interface Payload {
  readonly id: string | undefined;
  readonly rows: readonly (readonly number[])[];
}

const isRow = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((cell) => typeof cell === 'number');

const readPayload = (value: unknown, at: number): Payload => {
  const field = `input_data[${at}]`;
  if (!isObject(value)) throw wrongType(field, 'an object');
  const { id, fields, values } = value;
  if (id !== undefined && typeof id !== 'string') throw wrongType(`${field}.id`, 'a string');
  if (values === undefined) throw invalidEntity(`Invalid request: \`${field}.values\` is a required field.`);
  if (!Array.isArray(values) || !values.every(isRow)) throw wrongType(`${field}.values`, 'an array of rows of numbers');
  if (fields !== undefined) {
    if (!Array.isArray(fields) || !fields.every((name) => typeof name === 'string'))
      throw wrongType(`${field}.fields`, 'an array of strings');
    if (!values.every((row) => row.length === fields.length)) {
      throw invalidEntity(`Invalid request: each row of \`${field}.values\` has a value for each of its \`fields\`.`);
    }
  }
  return { id, rows: values };
};

const readPayloads = (body: unknown): readonly Payload[] => {
  if (!isObject(body)) throw wrongType('body', 'an object');
  const { input_data: input } = body;
  if (input === undefined) throw invalidEntity('Invalid request: `input_data` is a required field.');
  if (!Array.isArray(input)) throw wrongType('input_data', 'an array');
  const payloads = input.map(readPayload);
  const rows = payloads.reduce((sum, payload) => sum + payload.rows.length, 0);
  if (rows === 0 || rows > MAX_ROWS) throw invalidEntity(`Invalid request: \`input_data\` has 1 to ${MAX_ROWS} rows of values.`);
  return payloads;
};

const predictRows = async (models: ModelRuntime, name: string, payload: Payload): Promise<readonly Prediction[]> => {
  try {
    return payload.rows.length === 0 ? [] : await models.predict(name, payload.rows);
  } catch (error) {
    throw error instanceof ModelInputError ? invalidEntity(`Invalid request: ${error.message}`) : failure('model-error');
  }
};

/**
 * Scores rows by a deployment that is ready.
 * @param name deployment id or serving name
 * @throws {WatsonxError}
 */
export const predict = async (space: Space, name: string, body: unknown, models: ModelRuntime) => {
  const deployment = space.find(name);
  // Until it is ready, a deployment has no prediction URL.
  if (deployment === undefined || deployment.state === 'initializing') throw notFound('deployment', name);
  const model = space.models.find(({ id }) => id === deployment.assetId);
  if (!model) throw notFound('model', deployment.assetId);
  const predictions: unknown[] = [];
  for (const payload of readPayloads(body)) {
    const results = await predictRows(models, model.runtimeName, payload);
    const values = results.map(({ label, probabilities }) => [label, probabilities]);
    predictions.push({ ...(payload.id === undefined ? {} : { id: payload.id }), fields: FIELDS, values });
  }
  return { predictions };
};
