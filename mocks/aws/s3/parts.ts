import { invalidArgument, s3Error } from './answers.ts';
import { type ByteRange, rangeOf } from './range.ts';
import type { StoredObject } from './store.ts';

/** Most parts of an object (S3 user guide, "Amazon S3 multipart upload limits", read November 2026). */
export const PARTS_LIMIT = 10_000;

/** @throws {AwsError} `InvalidArgument` */
export const partNumberOf = (given: string): number => {
  const number = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (number >= 1 && number <= PARTS_LIMIT) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${PARTS_LIMIT}, inclusive`, 'partNumber', given);
};

/**
 * Where a part of an object is. Parts are counted in their order: which numbers they came under is not kept, which is ours.
 * An object that came in one piece has one part (storj/gateway-st issue 56), with the range of it (versity/versitygw issue 2074).
 * The refusal is as S3 has it by others' code. All read November 2026.
 * @param number from 1
 * @throws {AwsError} `InvalidPartNumber`
 */
export const partRangeOf = ({ bytes, partSizes }: StoredObject, number: number): ByteRange => {
  const sizes = partSizes ?? [bytes.length];
  const size = sizes[number - 1];
  if (size === undefined) {
    throw s3Error('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: number,
      ActualPartCount: sizes.length,
    });
  }
  const start = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  return { start, end: start + size };
};

/**
 * What of an object a request asks for: a range, or a part by its number (ceph/ceph pull request 66780: not both; read November 2026).
 * Null for the whole, and for the one part of an object without a byte, which no `Content-Range` can tell of.
 * @throws {AwsError} `InvalidRange`, `InvalidPartNumber`, `InvalidArgument`, `InvalidRequest`
 */
export const askedRangeOf = (object: StoredObject, range: string | null, partNumber: string | null): ByteRange | null => {
  if (partNumber === null) return rangeOf(range, object.bytes.length);
  if (range !== null) throw s3Error('InvalidRequest', 400, 'Cannot specify both Range header and partNumber query parameter');
  const part = partRangeOf(object, partNumberOf(partNumber));
  return part.start === part.end ? null : part;
};
