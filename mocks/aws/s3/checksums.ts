import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { crc32, crc32c, crc64Nvme } from '../../shared/crc.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import { s3Error } from './answers.ts';
import type { Trailers } from './chunks.ts';

/** Check sums of a body, by the end of their header's name (S3 user guide, "Checking object integrity", and @aws-sdk/client-s3 3.1082; read November 2026). */
const ALGORITHMS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  crc32,
  crc32c,
  crc64nvme: crc64Nvme,
  md5,
  sha1,
  sha256: (bytes) => hexToBytes(sha256Hex(bytes)),
  sha512,
};

/** What S3 has and the emulator has not. */
const UNKNOWN_HERE: readonly string[] = ['xxhash64', 'xxhash3', 'xxhash128'];

const PREFIX = 'x-amz-checksum-';

/** Headers that begin as check sums do, and say how they are meant. */
const ASIDE: readonly string[] = ['algorithm', 'mode', 'type'].map((name) => PREFIX + name);

const invalidRequest = (message: string) => s3Error('InvalidRequest', 400, message);

const multiple = () => invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');

export const malformedTrailer = () =>
  s3Error(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** @returns of which algorithm a header's check sum is */
const algorithmOf = (header: string): string => {
  const name = header.slice(PREFIX.length);
  if (Object.hasOwn(ALGORITHMS, name)) return name;
  if (!UNKNOWN_HERE.includes(name)) {
    throw invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.');
  }
  throw s3Error('NotImplemented', 501, 'A header you provided implies functionality that is not implemented.', {
    Header: header,
  });
};

/** Names that `x-amz-trailer` announces, in lower case. S3 overlooks commas at its end, and nowhere else. */
const announcedIn = (headers: Headers): readonly string[] => {
  const text = (headers.get('x-amz-trailer') ?? '').toLowerCase().replace(/,+\s*$/, '');
  if (text === '') return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => !isAlgorithm(name))) throw unsupportedTrailer();
  return names;
};

const isAlgorithm = (header: string): boolean => {
  const name = header.startsWith(PREFIX) ? header.slice(PREFIX.length) : '';
  return Object.hasOwn(ALGORITHMS, name) || UNKNOWN_HERE.includes(name);
};

const unsupportedTrailer = () => invalidRequest('The value specified in the x-amz-trailer header is not supported');

/** What is announced must come, and nothing else may. @throws {AwsError} `MalformedTrailerError` */
const checkTrailers = (announced: readonly string[], trailers: Trailers | null): void => {
  const came = trailers ?? new Map<string, string>();
  if (announced.some((name) => !came.has(name)) || [...came.keys()].some((name) => !announced.includes(name))) {
    throw malformedTrailer();
  }
};

/** SDKs say in a header of their own of what algorithm the check sum is that they send. That of MD5 they send as `Content-MD5`. */
const checkDeclared = (headers: Headers, header: string | undefined): void => {
  const declared = headers.get('x-amz-sdk-checksum-algorithm');
  if (declared === null || (declared.toLowerCase() === 'md5' && headers.has('content-md5'))) return;
  if (header === undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (header !== PREFIX + declared.toLowerCase())
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
};

/**
 * Holds a body to the check sum that its headers or its trailer have of it.
 * Codes and words: OpenStack Swift's `test/s3api/test_input_errors.py`, which is run against S3 as well; read November 2026.
 * What presigned URLs say of it in their query S3 does not look at (aws/aws-sdk-go-v2 issue 2610, ministackorg/ministack issue 1695; read
 * November 2026).
 * @param content without the marks of chunks
 * @param trailers null where the body has not come in chunks
 * @returns the check sum by its header, which S3 answers with; nothing where none came
 * @throws {AwsError} `BadDigest`, `InvalidRequest`, `MalformedTrailerError`; `NotImplemented` for an algorithm that is not here
 */
export const checkChecksums = (
  headers: Headers,
  content: Uint8Array,
  trailers: Trailers | null,
): Readonly<Record<string, string>> => {
  const given = [...headers.keys()].filter((name) => name.startsWith(PREFIX) && !ASIDE.includes(name));
  const announced = announcedIn(headers);
  for (const name of given) algorithmOf(name);
  if (given.length > 1 || announced.length > 1) throw multiple();
  if (given.length + announced.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header');
  const [header = announced[0]] = given;
  checkDeclared(headers, header);
  checkTrailers(announced, trailers);
  if (header === undefined) return {};
  const isTrailer = given.length === 0;
  const sum = (isTrailer ? trailers?.get(header) : headers.get(header)) ?? '';
  const algorithm = algorithmOf(header);
  const expected = toBase64(ALGORITHMS[algorithm]!(content));
  if (sum === expected) return { [header]: sum };
  if (!isSumLike(sum, expected)) {
    throw invalidRequest(`Value for ${header} ${isTrailer ? 'trailing header' : 'header'} is invalid.`);
  }
  throw s3Error('BadDigest', 400, `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
};

/**
 * Holds an object that is put together from parts to the check sum that the request has of it: of its bytes, or, with how many parts there are
 * after a hyphen, of the parts' own sums.
 * @throws {AwsError} `BadDigest`, `InvalidRequest`; `NotImplemented` for an algorithm that is not here
 */
export const checkObjectChecksum = (headers: Headers, object: Uint8Array, parts: readonly Uint8Array[]): void => {
  const given = [...headers.keys()].filter((name) => name.startsWith(PREFIX) && !ASIDE.includes(name));
  if (given.length > 1) throw multiple();
  const [header] = given;
  if (header === undefined) return;
  const algorithm = algorithmOf(header);
  const sumOf = ALGORITHMS[algorithm]!;
  const sum = headers.get(header) ?? '';
  const ofParts = () => `${toBase64(sumOf(Uint8Array.from(parts.flatMap((part) => [...sumOf(part)]))))}-${parts.length}`;
  if (sum === (sum.includes('-') ? ofParts() : toBase64(sumOf(object)))) return;
  throw s3Error('BadDigest', 400, `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
};

/**
 * Whether a part is what a completion has of it.
 * @param element e.g. `ChecksumCRC32`
 * @throws {AwsError} `InvalidRequest`; `NotImplemented` for an algorithm that is not here
 */
export const isPartSum = (element: string, sum: string, part: Uint8Array): boolean =>
  toBase64(ALGORITHMS[algorithmOf(PREFIX + element.slice('Checksum'.length).toLowerCase())]!(part)) === sum;

/** Whether a text is base64 of as many bytes. */
const isSumLike = (text: string, sum: string): boolean =>
  text.length === sum.length && /^[A-Za-z0-9+/]+=*$/.test(text) && text.indexOf('=') === sum.indexOf('=');
