import { readBytes } from '../../../mocks/shared/read-bytes.ts';
import { badBody } from './api-error.ts';
import { JsonSyntaxError, parseJson } from './json-parse.ts';
import type { JsonValue } from './json-value.ts';

/** Tens of thousands of proxies in one call of `/populate`. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The JSON that a request carries, whatever its content type. Rejects with an ApiError. */
export const readBody = async (request: Request): Promise<JsonValue> => {
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  if (!bytes) throw badBody(`longer than ${MAX_BODY_BYTES} bytes`);
  try {
    return parseJson(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badBody(error.message);
    throw error;
  }
};
