import { AwsError } from '../errors.ts';

/** A part of an object: from its first byte to the one after its last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range that a request asks for; null where it asks for the whole. What is no range is not looked at, as RFC 9110 has it.
 * @param size of the object, bytes
 * @throws {AwsError} `InvalidRange` when nothing of the object is in it
 */
export const rangeOf = (header: string | null, size: number): ByteRange | null => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= end) throw new AwsError('InvalidRange', 416, { message: 'The requested range is not satisfiable' });
  return { start, end };
};
