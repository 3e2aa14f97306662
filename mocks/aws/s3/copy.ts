import { invalidArgument, members, s3Error, xmlAnswer } from './answers.ts';
import { checkWriteConditions } from './conditions.ts';
import { descriptionOf } from './object-operations.ts';
import { bucketOf, findBucket, objectOf, resourceArn, type S3Call, type S3Operation } from './operation.ts';
import type { StoredObject } from './store.ts';

interface Source {
  readonly bucketName: string;
  readonly key: string;
  readonly object: StoredObject;
}

/**
 * The object that `x-amz-copy-source` names, in whatever region it is; the caller must be allowed to read it.
 * @throws {AwsError}
 */
export const sourceOf = (call: S3Call): Source => {
  const given = call.request.headers.get('x-amz-copy-source') ?? '';
  const [, bucketName, encoded] = /^\/?([^/?]+)\/([^?]+)$/.exec(given) ?? [];
  let key = '';
  try {
    key = decodeURIComponent(encoded ?? '');
  } catch {
    // Refused below.
  }
  if (bucketName === undefined || key === '') {
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', given);
  }
  call.authorize('GetObject', 's3:GetObject', resourceArn(bucketName, key));
  const object = objectOf(findBucket(call, bucketName), key);
  const { headers } = call.request;
  const [match, noneMatch] = [headers.get('x-amz-copy-source-if-match'), headers.get('x-amz-copy-source-if-none-match')];
  const bare = (etag: string | null) => etag?.replaceAll('"', '');
  if ((match !== null && bare(match) !== bare(object.etag)) || bare(noneMatch) === bare(object.etag)) {
    throw s3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
  }
  return { bucketName, key, object };
};

const copyObject = (call: S3Call): Response => {
  const { account, request, key } = call;
  const bucket = bucketOf(call);
  const source = sourceOf(call);
  const directive = request.headers.get('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument('Unknown metadata directive.', 'x-amz-metadata-directive', directive);
  }
  if (directive === 'COPY' && source.bucketName === bucket.name && source.key === key) {
    throw s3Error(
      'InvalidRequest',
      400,
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  checkWriteConditions(request, bucket.objects.get(key));
  const { bytes, contentType, metadata } = source.object;
  const description = directive === 'COPY' ? { contentType, metadata } : descriptionOf(request);
  // What was put in parts is in one piece now, and its tag is that of one.
  const { etag, modifiedAt } = account.objects.put(bucket, key, { bytes, ...description });
  return xmlAnswer('CopyObjectResult', members({ LastModified: modifiedAt, ETag: etag }));
};

export const COPY_OPERATIONS: readonly S3Operation[] = [
  { name: 'CopyObject', method: 'PUT', of: 'object', isCopy: true, action: 's3:PutObject', run: copyObject },
];
