import { s3Error } from './answers.ts';
import type { StoredObject } from './store.ts';

const names = (header: string, etag: string): boolean =>
  header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\/|"/g, '') === etag.replaceAll('"', ''));

const failed = (Condition: string) =>
  s3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', { Condition });

/**
 * Conditions that a read is made under (RFC 9110, 13): SDKs that fetch an object in parts ask for parts of the same one.
 * @returns whether the caller has it already
 * @throws {AwsError} `PreconditionFailed`
 */
export const isKnownToReader = ({ headers }: Request, { etag, modifiedAt }: StoredObject): boolean => {
  const changedAtS = Math.floor(modifiedAt.getTime() / 1000);
  const secondsOf = (name: string): number => Date.parse(headers.get(name) ?? '') / 1000;
  const [match, noneMatch] = [headers.get('if-match'), headers.get('if-none-match')];
  if (match !== null && !names(match, etag)) throw failed('If-Match');
  if (match === null && changedAtS > secondsOf('if-unmodified-since')) throw failed('If-Unmodified-Since');
  return noneMatch === null ? changedAtS <= secondsOf('if-modified-since') : names(noneMatch, etag);
};

/**
 * Conditions that a write is made under: that there is nothing there yet, or still what the caller has seen.
 * @throws {AwsError} `PreconditionFailed`; `NoSuchKey` where there is nothing to have been seen
 */
export const checkWriteConditions = ({ headers }: Request, present: StoredObject | undefined): void => {
  const [match, noneMatch] = [headers.get('if-match'), headers.get('if-none-match')];
  if (noneMatch !== null && present && names(noneMatch, present.etag)) throw failed('If-None-Match');
  if (match === null) return;
  if (!present) throw s3Error('NoSuchKey', 404, 'The specified key does not exist.');
  if (!names(match, present.etag)) throw failed('If-Match');
};
