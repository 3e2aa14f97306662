import { sentPathOf } from '../../shared/sent-path.ts';
import { AwsError } from '../errors.ts';
import { s3Error } from './answers.ts';
import type { S3Operation } from './operation.ts';

const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/;

export const checkBucketName = (BucketName: string): void => {
  if (!BUCKET_NAME.test(BucketName)) {
    throw s3Error('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName });
  }
};

/** Longest key, bytes of its UTF-8 (S3 user guide, "Naming Amazon S3 objects", read November 2026). */
const KEY_LIMIT_BYTES = 1024;

/** Words as erlcloud's tests have them of S3, read November 2026. @throws {AwsError} `KeyTooLongError` */
export const checkKeyLength = (key: string): void => {
  const Size = new TextEncoder().encode(key).length;
  if (Size > KEY_LIMIT_BYTES) {
    throw s3Error('KeyTooLongError', 400, 'Your key is too long', { Size, MaxSizeAllowed: KEY_LIMIT_BYTES });
  }
};

const decodePath = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidURI', 400, "Couldn't parse the specified URI.");
  }
};

/** Where a request leads. */
export interface Place {
  /** Empty where the account is meant. */
  readonly bucketName: string;
  readonly key: string;
  /** The bucket is in the host's name, and not in the path. */
  readonly isInHost: boolean;
}

/**
 * A key may have segments `..`, which lead nowhere, so long as no more of them have come than others before them (S3 user guide, "Naming Amazon
 * S3 objects"). What S3 answers otherwise has no body: floci-io/floci issue 1320, versity/versitygw pull request 1365. Both read November 2026.
 */
const checkSegments = (key: string): string => {
  let depth = 0;
  for (const segment of key.split('/')) {
    if (segment === '..') depth -= 1;
    else if (segment !== '.' && segment !== '') depth += 1;
    if (depth < 0) throw new AwsError(null, 400, { message: 'Bad Request' });
  }
  return key;
};

/** @throws {AwsError} `InvalidURI`; one without a code for a key that leads out of its bucket */
export const placeOf = (request: Request): Place => {
  const { url, headers } = request;
  const { host } = new URL(url);
  const pathname = sentPathOf(request);
  const hostname = (headers.get('host') ?? host).replace(/:\d+$/, '');
  const [, ofHost] = /^(.+)\.(?:s3[.-].*amazonaws\.com|localhost)$/.exec(hostname) ?? [];
  if (ofHost !== undefined) return { bucketName: ofHost, key: checkSegments(decodePath(pathname.slice(1))), isInHost: true };
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? [];
  return { bucketName: decodePath(bucket), key: checkSegments(decodePath(key)), isInHost: false };
};

/** Parameters that say who asks, or that only SDKs read. Headers, which Signature Version 2 may have in the query, are among them. */
const isAside = (name: string): boolean =>
  /^x-(?:id$|amz-)/i.test(name) || ['AWSAccessKeyId', 'Signature', 'Expires', 'content-type', 'content-md5'].includes(name);

/**
 * The operation that a request asks for. A parameter that none knows asks for something else, e.g. an object's tags: it must not be taken for
 * the object.
 */
export const matchOperation = (
  operations: readonly S3Operation[],
  { method, headers }: Request,
  { bucketName, key }: Place,
  parameters: URLSearchParams,
): S3Operation | undefined => {
  const of = key !== '' ? 'object' : bucketName !== '' ? 'bucket' : 'account';
  const isCopy = headers.has('x-amz-copy-source');
  const names = [...parameters.keys()].filter((name) => !isAside(name));
  return operations.find(
    (operation) =>
      operation.method === method &&
      operation.of === of &&
      (operation.isCopy ?? false) === isCopy &&
      (operation.selectors ?? []).every((name) => parameters.has(name)) &&
      names.every((name) => operation.selectors?.includes(name) || operation.parameters?.includes(name)),
  );
};
