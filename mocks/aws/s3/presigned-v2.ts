import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sentPathOf } from '../../shared/sent-path.ts';
import type { KeyFinder, KnownKey } from '../session-store.ts';
import { isSame } from '../sigv4.ts';
import { s3Error } from './answers.ts';
import { checkExpiry } from './presigned.ts';
import { HEADER_REFUSALS } from './refusals.ts';
import { RESPONSE_OVERRIDES } from './response-overrides.ts';

/** Regions that take Signature Version 2: those that there were before 2014 (S3 user guide, "Specifying the signature version", read November 2026). */
const REGIONS: readonly string[] = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
];

/** Parameters that say what is asked for, and so are signed: those of operations that are here. */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set([
  'delete',
  'location',
  'partNumber',
  ...RESPONSE_OVERRIDES,
  'uploadId',
  'uploads',
]);

const AMZ = 'x-amz-';

export const unsupportedMechanism = () =>
  s3Error('InvalidRequest', 400, 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.');

export const isPresignedV2 = (parameters: URLSearchParams): boolean =>
  parameters.has('AWSAccessKeyId') || (parameters.has('Signature') && parameters.has('Expires'));

/**
 * What Signature Version 2 signs (S3 developer guide, "Signing and authenticating REST requests", read November 2026). Headers may stand in the
 * query, where boto3 puts them.
 * @param bucket name where the host has it, and the path has it not
 */
const stringToSign = (request: Request, parameters: URLSearchParams, bucket: string | null): string => {
  const { method, headers } = request;
  const headerOf = (name: string): string => headers.get(name) ?? parameters.get(name) ?? '';
  const names = new Set([...headers.keys(), ...parameters.keys()].filter((name) => name.startsWith(AMZ)));
  const amz = [...names].sort().map((name) => `${name}:${headerOf(name).trim()}\n`);
  const signed = [...parameters].filter(([name]) => SIGNED_PARAMETERS.has(name)).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const query = signed.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&');
  const resource = `${bucket === null ? '' : `/${bucket}`}${sentPathOf(request)}${query === '' ? '' : `?${query}`}`;
  const head = [method, headerOf('content-md5'), headerOf('content-type'), parameters.get('Expires')].join('\n');
  return `${head}\n${amz.join('')}${resource}`;
};

/**
 * Checks a URL that is signed in the way before the last, as boto3 signs them unless it is told otherwise.
 * @param bucket name where the host has it
 * @returns the key that it was signed with
 * @throws {AwsError}
 */
export const authenticateV2 = <Key extends KnownKey>(
  request: Request,
  parameters: URLSearchParams,
  region: string,
  bucket: string | null,
  keys: KeyFinder<Key>,
): Key => {
  if (!REGIONS.includes(region)) throw unsupportedMechanism();
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) => parameters.get(name) ?? '');
  if (!accessKeyId || !signature || !/^\d{1,11}$/.test(expires ?? '')) {
    throw s3Error(
      'AccessDenied',
      403,
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    );
  }
  const key = keys.find(accessKeyId);
  if (!key) throw HEADER_REFUSALS.unknownKey(accessKeyId);
  checkExpiry(Number(expires) * 1000);
  const token = request.headers.get('x-amz-security-token') ?? parameters.get('x-amz-security-token') ?? '';
  if (key.isExpired) throw HEADER_REFUSALS.expiredToken(token);
  if (!isSame(token, key.credential.sessionToken ?? '')) throw HEADER_REFUSALS.wrongToken(token);
  const encoder = new TextEncoder();
  const text = encoder.encode(stringToSign(request, parameters, bucket));
  const expected = btoa(String.fromCharCode(...hmac(sha1, encoder.encode(key.credential.secretAccessKey), text)));
  if (!isSame(signature, expected)) throw HEADER_REFUSALS.mismatch({ accessKeyId, signature });
  return key;
};
