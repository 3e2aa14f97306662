import { s3Error, xmlAnswer } from './answers.ts';
import { bucketOf, findBucket, type S3Call, type S3Operation } from './operation.ts';

/** In this region alone one's own bucket can be created again (`BucketAlreadyOwnedByYou` in the service model); and it has no location constraint. */
const LENIENT_REGION = 'us-east-1';

const createBucket = ({ account, region, bucketName }: S3Call): Response => {
  const bucket = account.objects.buckets.get(bucketName);
  if (bucket && !(region === LENIENT_REGION && bucket.region === LENIENT_REGION)) {
    throw s3Error(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: bucketName },
    );
  }
  if (!bucket) account.objects.createBucket(bucketName, region);
  return new Response(null, { headers: { location: `/${bucketName}` } });
};

const deleteBucket = (call: S3Call): Response => {
  const { name, objects } = bucketOf(call);
  if (objects.size > 0) {
    throw s3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName: name });
  }
  call.account.objects.buckets.delete(name);
  return new Response(null, { status: 204 });
};

export const BUCKET_OPERATIONS: readonly S3Operation[] = [
  { name: 'CreateBucket', method: 'PUT', of: 'bucket', action: 's3:CreateBucket', run: createBucket },
  {
    name: 'HeadBucket',
    method: 'HEAD',
    of: 'bucket',
    action: 's3:ListBucket',
    run: (call) => new Response(null, { headers: { 'x-amz-bucket-region': bucketOf(call).region } }),
  },
  {
    name: 'GetBucketLocation',
    method: 'GET',
    of: 'bucket',
    selectors: ['location'],
    action: 's3:GetBucketLocation',
    // Answered in every region: it is how one finds the bucket's.
    run(call) {
      const { region } = findBucket(call, call.bucketName);
      return xmlAnswer('LocationConstraint', region === LENIENT_REGION ? '' : region);
    },
  },
  { name: 'DeleteBucket', method: 'DELETE', of: 'bucket', action: 's3:DeleteBucket', run: deleteBucket },
];
