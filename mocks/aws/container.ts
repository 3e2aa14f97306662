import type { InferenceBackend } from '../inference/backend.ts';
import { ModelInputError, type Prediction } from '../models/runtime.ts';

/**
 * The model container behind a SageMaker endpoint: it, not SageMaker, reads the payload and words the answer, and SageMaker
 * hands both through. Takes and gives JSON and CSV, as SageMaker's own containers do.
 */
export interface ContainerAnswer {
  readonly contentType: string;
  readonly text: string;
}

/** The container answered 4xx. SageMaker makes a `ModelError` of it. */
export class ContainerRefusal extends Error {
  override readonly name = 'ContainerRefusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Largest batch, rows: more is refused, so that one caller cannot hold the model for seconds. */
const ROWS_LIMIT = 4096;

type Rows = readonly (readonly number[])[];

const BAD_JSON = 'Body must be {"instances": [[...], ...]}: a list of rows of numbers.';

const parseJson = (text: string): Rows => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ContainerRefusal(400, `Body is not JSON. ${BAD_JSON}`);
  }
  const instances = (parsed as { instances?: unknown } | null)?.instances;
  if (!Array.isArray(instances) || !instances.every((row) => Array.isArray(row))) throw new ContainerRefusal(400, BAD_JSON);
  return instances;
};

const parseCsv = (text: string): Rows =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell))));

type Writer = (predictions: readonly Prediction[]) => string;

const writeJson: Writer = (predictions) => JSON.stringify({ predictions });

const writeCsv: Writer = (predictions) =>
  predictions.map(({ label, probabilities }) => [label, ...probabilities].join(',')).join('\n');

const PARSERS: ReadonlyMap<string, (text: string) => Rows> = new Map([
  ['application/json', parseJson],
  ['text/csv', parseCsv],
]);

const WRITERS: ReadonlyMap<string, Writer> = new Map([
  ['application/json', writeJson],
  ['text/csv', writeCsv],
]);

const decoder = new TextDecoder();

const mediaType = (header: string): string => (header.split(';')[0] ?? '').trim().toLowerCase();

const readRows = (contentType: string, body: Uint8Array): Rows => {
  const parser = PARSERS.get(contentType) ?? PARSERS.get(mediaType(contentType));
  if (!parser)
    throw new ContainerRefusal(
      415,
      `Content type ${mediaType(contentType)} is not supported; application/json and text/csv are.`,
    );
  const rows = parser(decoder.decode(body));
  if (rows.length > ROWS_LIMIT)
    throw new ContainerRefusal(413, `${rows.length} rows in one request; the limit is ${ROWS_LIMIT}.`);
  return rows;
};

/** The first media type of `accept` that the container writes; JSON where the caller takes anything. */
const chooseWriter = (accept: string): readonly [string, Writer] => {
  const only = WRITERS.get(accept);
  if (only) return [accept, only];
  for (const wanted of accept.split(',').map(mediaType)) {
    const type = wanted === '' || wanted === '*/*' || wanted === 'application/*' ? 'application/json' : wanted;
    const writer = WRITERS.get(type);
    if (writer) return [type, writer];
  }
  throw new ContainerRefusal(406, `None of the accepted types ${accept} can be given; application/json and text/csv can.`);
};

/**
 * Predicts what the payload holds, and answers in a type that the caller accepts.
 * @param contentType of the payload @param accept header value; empty takes anything
 * @throws {ContainerRefusal} when the payload cannot be used
 * @throws {CapacityExceeded} when the endpoint takes no more
 */
export const invokeContainer = async (
  backend: InferenceBackend,
  contentType: string,
  accept: string,
  body: Uint8Array,
): Promise<ContainerAnswer> => {
  const rows = readRows(contentType, body);
  const [type, write] = chooseWriter(accept);
  try {
    return { contentType: type, text: write(await backend.predict(rows)) };
  } catch (error) {
    if (error instanceof ModelInputError) throw new ContainerRefusal(400, error.message);
    throw error;
  }
};
