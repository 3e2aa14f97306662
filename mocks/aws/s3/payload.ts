import { sha256Hex } from '../../shared/sha256.ts';
import type { Authorization } from '../authorization.ts';
import { isSame, type RequestSignature } from '../sigv4.ts';
import { invalidArgument, s3Error } from './answers.ts';
import { type ChunkedBody, incompleteBody, readChunks, type Trailers } from './chunks.ts';
import { HEADER_REFUSALS } from './refusals.ts';

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_CHUNKS_AND_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
/** Signature Version 4A, which is not here. */
const ELSEWHERE = ['STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER'];

const CHUNKED: readonly string[] = [UNSIGNED_CHUNKS, SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER];
const NO_BYTES = sha256Hex('');

/**
 * What `x-amz-content-sha256` says of the body, which is what is signed. A presigned URL says nothing of it, unless a header does.
 * Codes and words here and below: OpenStack Swift's `test/s3api/test_input_errors.py`, which is run against S3 as well, and S3 API reference,
 * "Signature calculations for the authorization header: transferring payload in multiple chunks"; read November 2026.
 * @throws {AwsError} when it is not true, or is not given
 */
export const bodyHashOf = (headers: Headers, body: Uint8Array, isPresigned: boolean): string => {
  const given = headers.get('x-amz-content-sha256') ?? (isPresigned ? UNSIGNED : null);
  if (given === null) {
    throw s3Error('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
  }
  if (given === UNSIGNED || CHUNKED.includes(given)) return given;
  if (ELSEWHERE.includes(given)) {
    throw s3Error('NotImplemented', 501, 'A header you provided implies functionality that is not implemented.');
  }
  if (!/^[0-9a-f]{64}$/i.test(given)) {
    throw invalidArgument(
      `x-amz-content-sha256 must be ${[UNSIGNED, ...CHUNKED, ...ELSEWHERE].join(', ')} or a valid sha256 value.`,
      'x-amz-content-sha256',
      given,
    );
  }
  const computed = sha256Hex(body);
  if (given.toLowerCase() === computed) return given;
  throw s3Error(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      ClientComputedContentSHA256: given,
      S3ComputedContentSHA256: computed,
    },
  );
};

/** The body of a request whose signature is right. */
export interface Payload {
  /** Without the marks of chunks. */
  readonly content: Uint8Array;
  /** Null where the body has not come in chunks. */
  readonly trailers: Trailers | null;
}

/** Signs a text as the request is signed: with its key, for its scope. @returns 64 hexadecimal digits */
export type SignText = (text: string) => string;

/**
 * What a body holds once the marks of its chunks are taken out.
 * @param bodyHash that `bodyHashOf` gave
 * @throws {AwsError} `IncompleteBody`, `MissingContentLength`, `InvalidChunkSizeError`; `SignatureDoesNotMatch` for a chunk or the trailer
 */
export const payloadOf = (
  headers: Headers,
  body: Uint8Array,
  bodyHash: string,
  signature: RequestSignature,
  sign: SignText,
): Payload => {
  if (!CHUNKED.includes(bodyHash)) return { content: body, trailers: null };
  const length = headers.get('x-amz-decoded-content-length') ?? '';
  if (!/^\d{1,15}$/.test(length)) throw s3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  const isSigned = bodyHash !== UNSIGNED_CHUNKS;
  const chunked = readChunks(body, isSigned);
  if (isSigned) checkSignatures(chunked, bodyHash === SIGNED_CHUNKS_AND_TRAILER, signature, sign);
  const { content, trailers } = chunked;
  if (content.length === Number(length)) return { content, trailers };
  throw s3Error('IncompleteBody', 400, 'You did not provide the number of bytes specified by the Content-Length HTTP header', {
    NumberBytesExpected: Number(length),
    NumberBytesProvided: content.length,
  });
};

const scopeOf = ({ day, region, service, terminator }: Authorization): string => `${day}/${region}/${service}/${terminator}`;

/** Each chunk's signature is over the one before it too, and the first over the request's: so none can be left out, or change places. */
const checkSignatures = (
  { chunks, trailers, trailerSignature }: ChunkedBody,
  hasTrailer: boolean,
  { authorization, date }: RequestSignature,
  sign: SignText,
): void => {
  const { accessKeyId } = authorization;
  const beginning = `${date}\n${scopeOf(authorization)}\n`;
  let previous = authorization.signature;
  const check = (given: string, algorithm: string, hashes: string) => {
    if (!isSame(given, sign(`${algorithm}\n${beginning}${previous}\n${hashes}`))) {
      throw HEADER_REFUSALS.mismatch({ accessKeyId, signature: given });
    }
    previous = given;
  };
  for (const { bytes, signature } of chunks) check(signature, 'AWS4-HMAC-SHA256-PAYLOAD', `${NO_BYTES}\n${sha256Hex(bytes)}`);
  if (!hasTrailer) return;
  if (trailerSignature === null || trailers.size === 0) throw incompleteBody();
  const lines = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
  check(trailerSignature, 'AWS4-HMAC-SHA256-TRAILER', sha256Hex(lines));
};
