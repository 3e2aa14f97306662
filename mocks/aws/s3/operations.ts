import { BUCKET_OPERATIONS } from './bucket-operations.ts';
import { COPY_OPERATIONS } from './copy.ts';
import { LIST_OPERATIONS } from './list-operations.ts';
import { MULTIPART_OPERATIONS } from './multipart.ts';
import { OBJECT_OPERATIONS } from './object-operations.ts';
import type { S3Operation } from './operation.ts';

/** What S3 does here. Of those that a request may be taken for the first is meant. */
export const S3_OPERATIONS: readonly S3Operation[] = [
  ...BUCKET_OPERATIONS,
  ...LIST_OPERATIONS,
  ...OBJECT_OPERATIONS,
  ...COPY_OPERATIONS,
  ...MULTIPART_OPERATIONS,
];

const PATHS = { account: '/', bucket: '/{Bucket}', object: '/{Bucket}/{Key}' } as const;

/** How a request for it looks, e.g. `PUT /{Bucket}/{Key}?partNumber&uploadId`. */
export const requestOf = ({ method, of, selectors = [], isCopy }: S3Operation): string => {
  const query = selectors.map((name) => (name === 'list-type' ? 'list-type=2' : name)).join('&');
  return `${method} ${PATHS[of]}${query === '' ? '' : `?${query}`}${isCopy ? ' (x-amz-copy-source)' : ''}`;
};
