import type { AwsAccount } from '../account.ts';
import { s3Error } from './answers.ts';
import type { Bucket, StoredObject } from './store.ts';

/** A call that was let in. */
export interface S3Call {
  readonly account: AwsAccount;
  readonly region: string;
  readonly request: Request;
  readonly parameters: URLSearchParams;
  readonly bucketName: string;
  /** Empty where a bucket is meant. */
  readonly key: string;
  /** The body, without the marks of chunks. */
  readonly content: Uint8Array;
  /** The body's check sum that came with it and was right, by its header. */
  readonly checksum: Readonly<Record<string, string>>;
  /** @throws {AwsError} `AccessDenied` where the caller may not do this to another object as well */
  authorize(operation: string, action: string, resource: string): void;
}

/** One of S3's operations: how its requests are known, and what it does. */
export interface S3Operation {
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** What the path leads to. */
  readonly of: 'account' | 'bucket' | 'object';
  /** Query parameters that tell it from others. */
  readonly selectors?: readonly string[];
  /** Other query parameters that it knows. */
  readonly parameters?: readonly string[];
  /** Whether the request names a source in `x-amz-copy-source`. */
  readonly isCopy?: true;
  /** Whether a check sum in its headers is of the object that it makes, and not of its body. */
  readonly isObjectSummed?: true;
  /** IAM action, e.g. `s3:ListBucket`. */
  readonly action: string;
  run(call: S3Call): Response;
}

export const resourceArn = (bucket: string, key: string): string =>
  bucket === '' ? 'arn:aws:s3:::*' : `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;

/** The bucket, in whatever region it is. @throws {AwsError} `NoSuchBucket` */
export const findBucket = ({ account }: S3Call, name: string): Bucket => {
  const bucket = account.objects.buckets.get(name);
  if (!bucket) throw s3Error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
  return bucket;
};

/** The bucket that a call is for. @throws {AwsError} `NoSuchBucket`; `PermanentRedirect` where it is in another region */
export const bucketOf = (call: S3Call): Bucket => {
  const bucket = findBucket(call, call.bucketName);
  if (bucket.region === call.region) return bucket;
  throw s3Error(
    'PermanentRedirect',
    301,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name, Region: bucket.region },
  );
};

/** @throws {AwsError} `NoSuchKey` */
export const objectOf = ({ objects }: Bucket, key: string): StoredObject => {
  const object = objects.get(key);
  if (!object) throw s3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
  return object;
};
