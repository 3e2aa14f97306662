import { frontEndError } from './errors.ts';

/** How far a request's date may be from the service's clock, either way: so AWS's own refusals say it, below. */
const SKEW_LIMIT_MS = 5 * 60_000;

/** At S3. Source: S3 developer guide, "Signing and authenticating REST requests", time stamp requirement; read November 2026. */
const S3_SKEW_LIMIT_MS = 15 * 60_000;

const BASIC_FORMAT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

const invalidSignature = (message: string) => frontEndError('InvalidSignatureException', message);

/** @param atMs epoch milliseconds @returns ISO 8601 basic format, e.g. `20261124T213413Z` */
export const toBasicDate = (atMs: number): string => new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** The date that was parsed last: requests of one second have the same. */
let last: { readonly text: string; readonly atMs: number | undefined } = { text: '', atMs: undefined };

/** @returns epoch milliseconds, or undefined for what is no such date */
export const parseBasicDate = (text: string): number | undefined => {
  if (last.text !== text) last = { text, atMs: readBasicDate(text) };
  return last.atMs;
};

const readBasicDate = (text: string): number | undefined => {
  const [, year, month, day, hour, minute, second] = BASIC_FORMAT.exec(text) ?? [];
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
};

/**
 * When the request says that it was signed: `x-amz-date`, or `date` in its stead.
 * @returns ISO 8601 basic format, as the string to sign has it
 * @throws {AwsError} when there is none, or it is in another format
 */
export const signingDateOf = (headers: Headers): string => {
  const amzDate = headers.get('x-amz-date');
  if (amzDate !== null) {
    if (parseBasicDate(amzDate) !== undefined) return amzDate;
  } else {
    const date = headers.get('date');
    if (date === null) {
      throw frontEndError(
        'IncompleteSignatureException',
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
      );
    }
    if (parseBasicDate(date) !== undefined) return date;
    if (!Number.isNaN(Date.parse(date))) return toBasicDate(Date.parse(date));
  }
  throw frontEndError(
    'IncompleteSignatureException',
    `Date must be in ISO-8601 'basic format'. Got '${amzDate ?? headers.get('date')}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
};

/**
 * Refuses a request that was signed too long ago, or too far ahead, by the service's clock.
 * @param date as `signingDateOf` gives it
 * @param isS3 which has a limit and words of its own
 * @param nowMs by the service's clock, epoch milliseconds
 * @throws {AwsError}
 */
export const checkSkew = (date: string, isS3 = false, nowMs = Date.now()): void => {
  const signedAtMs = parseBasicDate(date) ?? Number.NaN;
  if (isS3) {
    if (Math.abs(signedAtMs - nowMs) <= S3_SKEW_LIMIT_MS) return;
    throw frontEndError('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.');
  }
  if (signedAtMs < nowMs - SKEW_LIMIT_MS) {
    const limit = toBasicDate(nowMs - SKEW_LIMIT_MS);
    throw invalidSignature(`Signature expired: ${date} is now earlier than ${limit} (${toBasicDate(nowMs)} - 5 min.)`);
  }
  if (signedAtMs > nowMs + SKEW_LIMIT_MS) {
    const limit = toBasicDate(nowMs + SKEW_LIMIT_MS);
    throw invalidSignature(`Signature not yet current: ${date} is still later than ${limit} (${toBasicDate(nowMs)} + 5 min.)`);
  }
};
