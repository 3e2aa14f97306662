import { ALGORITHM, authorizationOf } from '../authorization.ts';
import { parseBasicDate } from '../signing-date.ts';
import type { RequestSignature } from '../sigv4.ts';
import { s3Error } from './answers.ts';

/** Longest that a URL is good for: a week (S3 API reference, "Authenticating requests: using query parameters", read November 2026). */
const MAX_EXPIRY_S = 604_800;

/** How far ahead of the service's clock a URL may be signed, as for requests that are signed in a header. */
const SKEW_LIMIT_MS = 15 * 60_000;

const REQUIRED = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Expires'];

const queryError = (message: string) => s3Error('AuthorizationQueryParametersError', 400, message);

/** @param atMs epoch milliseconds @returns ISO 8601 without milliseconds */
const seconds = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

/**
 * A time that a URL was good until is over.
 * @param untilMs epoch milliseconds
 * @param more elements of the error
 */
export const checkExpiry = (untilMs: number, more: Readonly<Record<string, string>> = {}): void => {
  const nowMs = Date.now();
  if (nowMs <= untilMs) return;
  throw s3Error('AccessDenied', 403, 'Request has expired', { ...more, Expires: seconds(untilMs), ServerTime: seconds(nowMs) });
};

export const isPresigned = (parameters: URLSearchParams): boolean =>
  parameters.has('X-Amz-Algorithm') || parameters.has('X-Amz-Signature') || parameters.has('X-Amz-Credential');

/** @returns seconds */
const readExpiry = (text: string): number => {
  if (!/^-?\d{1,12}$/.test(text)) throw queryError('X-Amz-Expires should be a number');
  const expiryS = Number(text);
  if (expiryS < 0) throw queryError('X-Amz-Expires must be non-negative');
  if (expiryS > MAX_EXPIRY_S) throw queryError(`X-Amz-Expires must be less than a week (in seconds) that is ${MAX_EXPIRY_S}`);
  return expiryS;
};

/**
 * Signature Version 4 in the query: what a presigned URL carries.
 * @throws {AwsError} `AuthorizationQueryParametersError`; `AccessDenied` where its time is over, or has not begun
 */
export const readPresigned = (parameters: URLSearchParams): RequestSignature => {
  const [algorithm = '', credential = '', signature = '', date = '', signedHeaders = '', expires = ''] = REQUIRED.map(
    (name) => parameters.get(name) ?? '',
  );
  if (REQUIRED.some((name) => !parameters.get(name))) {
    throw queryError(
      `Query-string authentication version 4 requires the ${REQUIRED.slice(0, -1).join(', ')}, and ${REQUIRED.at(-1)} parameters.`,
    );
  }
  if (algorithm !== ALGORITHM) throw queryError(`X-Amz-Algorithm only supports "${ALGORITHM} and AWS4-ECDSA-P256-SHA256"`);
  const authorization = authorizationOf(credential, signedHeaders, signature);
  if (!authorization) {
    throw queryError(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  const signedAtMs = parseBasicDate(date);
  if (signedAtMs === undefined) throw queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const expiryS = readExpiry(expires);
  if (signedAtMs > Date.now() + SKEW_LIMIT_MS) throw s3Error('AccessDenied', 403, 'Request is not valid yet');
  checkExpiry(signedAtMs + expiryS * 1000, { 'X-Amz-Expires': expires });
  return { authorization, date, sessionToken: parameters.get('X-Amz-Security-Token') ?? '', isPresigned: true };
};
