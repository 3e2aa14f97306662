import { HuggingFaceError } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws {HuggingFaceError} 400 when the body is no JSON object */
export const readJson = async (request: Request): Promise<JsonObject> => {
  const text = await request.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new HuggingFaceError(400, 'Failed to parse the request body as JSON');
  }
  if (!isObject(body)) throw new HuggingFaceError(400, 'The request body is not a JSON object');
  return body;
};

/** `inputs` and `parameters`, as the inference toolkit wants them. @throws {HuggingFaceError} 400 */
export const readInputs = (body: JsonObject): { readonly inputs: unknown; readonly parameters: JsonObject } => {
  if (!('inputs' in body)) {
    throw new HuggingFaceError(400, `Body needs to provide a inputs key, received: ${JSON.stringify(body)}`);
  }
  const { inputs, parameters = {} } = body;
  if (!isObject(parameters)) throw new HuggingFaceError(400, '`parameters` must be an object');
  return { inputs, parameters };
};

/** One text, or several. @throws {HuggingFaceError} 400 */
export const textsOf = (inputs: unknown): { readonly texts: readonly string[]; readonly isBatch: boolean } => {
  if (typeof inputs === 'string') return { texts: [inputs], isBatch: false };
  if (Array.isArray(inputs) && inputs.length > 0 && inputs.every((each) => typeof each === 'string')) {
    return { texts: inputs, isBatch: true };
  }
  throw new HuggingFaceError(400, '`inputs` must be a text, or a list of at least one text');
};

/** A whole number of at least 1, or the fallback. @throws {HuggingFaceError} 400 */
export const countOf = (parameters: JsonObject, name: string, fallback: number): number => {
  const value = parameters[name] ?? fallback;
  if (!Number.isInteger(value) || (value as number) < 1)
    throw new HuggingFaceError(400, `\`${name}\` must be a whole number of at least 1`);
  return value as number;
};

/** @throws {HuggingFaceError} 400 for a parameter that the task does not have */
export const checkParameters = (parameters: JsonObject, known: readonly string[]): void => {
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new HuggingFaceError(400, `Unknown parameter \`${unknown}\`; known are ${known.join(', ')}`);
};
