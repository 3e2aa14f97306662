import { sha256Hex } from '../../shared/sha256.ts';
import { AwsError } from '../errors.ts';

/** Bodies whose chunks say their own length, and that end with check sums: what SDKs send when they stream. */
const CHUNKED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const UNSIGNED = 'UNSIGNED-PAYLOAD';

const CR = 13;
const decoder = new TextDecoder();

const malformed = () => new AwsError('IncompleteBody', 400, { message: 'The request body terminated unexpectedly' });

/** @returns the content of `aws-chunked` chunks, without the trailer */
const unchunk = (body: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [];
  let offset = 0;
  let length = 0;
  for (;;) {
    const end = body.indexOf(CR, offset);
    const size = end === -1 ? '' : decoder.decode(body.subarray(offset, end));
    if (!/^[0-9a-f]{1,8}$/i.test(size)) throw malformed();
    const bytes = Number.parseInt(size, 16);
    if (bytes === 0) break;
    const start = end + 2;
    if (start + bytes + 2 > body.length) throw malformed();
    parts.push(body.subarray(start, start + bytes));
    length += bytes;
    offset = start + bytes + 2;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/**
 * What `x-amz-content-sha256` says of the body, which is what is signed. A presigned URL says nothing of it, unless a header does.
 * @throws {AwsError} when it is not true, or is not given
 */
export const checkPayload = (
  headers: Headers,
  body: Uint8Array,
  isPresigned = false,
): { readonly bodyHash: string; readonly content: Uint8Array } => {
  const bodyHash = headers.get('x-amz-content-sha256') ?? (isPresigned ? UNSIGNED : null);
  if (bodyHash === null) {
    throw new AwsError('InvalidRequest', 400, { message: 'Missing required header for this request: x-amz-content-sha256' });
  }
  if (bodyHash === CHUNKED) return { bodyHash, content: unchunk(body) };
  if (bodyHash !== UNSIGNED && bodyHash !== sha256Hex(body)) {
    throw new AwsError('XAmzContentSHA256Mismatch', 400, {
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    });
  }
  return { bodyHash, content: body };
};
