import { base64 } from './base64.ts';
import { InvalidArgument } from './predict-request.ts';

/** `google.api.HttpBody` in proto3 JSON. */
export interface HttpBody {
  readonly contentType?: string;
  /** Base64. */
  readonly data?: string;
}

/** What the container is sent, and whether it came as itself or within a message. */
export interface RawBody {
  readonly text: string;
  /** True where the low-level clients of Google's libraries wrapped it: the answer is then wrapped too. */
  readonly isWrapped: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Takes a payload out of `{"httpBody": {"contentType", "data"}}`: the REST transport of low-level clients (google-gax 6.17, `fallbackRest.js`;
 * google-cloud-aiplatform for Python 2.7) sends the whole `RawPredictRequest` as JSON. Any other text is the payload itself.
 * @throws {InvalidArgument} for data that is not base64
 */
export const unwrapHttpBody = (text: string): RawBody => {
  // The model's own requests never start so: they need not be parsed twice.
  if (!/^\s*\{\s*"http_?[bB]ody"/.test(text)) return { text, isWrapped: false };
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { text, isWrapped: false };
  }
  const body = isObject(message) ? (message.httpBody ?? message.http_body) : undefined;
  if (!isObject(body)) return { text, isWrapped: false };
  const { data = '' } = body;
  const bytes = typeof data === 'string' ? base64.decode(data) : null;
  if (!bytes) throw new InvalidArgument("Invalid value at 'http_body.data' (TYPE_BYTES), Base64 decoding failed.");
  return { text: new TextDecoder().decode(bytes), isWrapped: true };
};

/** A payload as a message. */
export const wrapHttpBody = (contentType: string, text: string): HttpBody => ({
  contentType,
  data: base64.encode(new TextEncoder().encode(text)),
});
