import { ACCOUNT_ID } from '../identity.ts';
import { elements, invalidArgument, members, xmlAnswer } from './answers.ts';
import { type Listing, listKeys } from './listing.ts';
import { bucketOf, type S3Call, type S3Operation } from './operation.ts';
import type { Bucket } from './store.ts';

const PAGE_LIMIT = 1000;

/** @throws {AwsError} `InvalidArgument` */
export const pageSizeOf = (parameters: URLSearchParams, name: string, limit = PAGE_LIMIT): number => {
  const given = parameters.get(name);
  if (given === null || given === '') return limit;
  if (!/^\d{1,10}$/.test(given) || Number(given) > 2 ** 31 - 1) {
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, given);
  }
  return Math.min(Number(given), limit);
};

/** How a token begins, before it is encoded: no encoded entry has such a character, so other base64 is no token. */
const TOKEN_MARK = 'after/';

/** Tokens are opaque: what they hold is the entry that the last page ended with. */
const tokenOf = (entry: string): string => btoa(TOKEN_MARK + encodeURIComponent(entry));

const entryIn = (token: string): string | null => {
  try {
    return decodeURIComponent(atob(token).slice(TOKEN_MARK.length));
  } catch {
    return null;
  }
};

/** What this list could not have given is none of its tokens. @throws {AwsError} `InvalidArgument` */
const readToken = (token: string): string => {
  const entry = entryIn(token);
  if (entry !== null && tokenOf(entry) === token) return entry;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
};

/** How keys are written: as they are, or percent-encoded as forms are, but for slashes. */
const writerOf = (parameters: URLSearchParams): ((text: string) => string) => {
  const encoding = parameters.get('encoding-type');
  if (encoding === null || encoding === '') return (text) => text;
  if (encoding !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  return (text) => new URLSearchParams([['', text]]).toString().slice(1).replaceAll('%2F', '/');
};

/** Who owns all buckets and objects here. */
const OWNER = { ID: ACCOUNT_ID.repeat(6).slice(0, 64) };

const entriesXml = (
  { objects }: Bucket,
  { keys, commonPrefixes }: Listing,
  write: (text: string) => string,
  hasOwner: boolean,
): string => {
  const contents = keys.flatMap((key) => {
    const object = objects.get(key);
    if (!object) return [];
    const { modifiedAt: LastModified, etag: ETag, bytes } = object;
    const Owner = hasOwner ? OWNER : undefined;
    return [{ Key: write(key), LastModified, ETag, Size: bytes.length, StorageClass: 'STANDARD', Owner }];
  });
  const prefixes = commonPrefixes.map((prefix) => ({ Prefix: write(prefix) }));
  return elements('Contents', contents) + elements('CommonPrefixes', prefixes);
};

/** Reads what both versions of the list have in common, and lists. */
const pageOf = (call: S3Call, after: string) => {
  const { parameters } = call;
  const bucket = bucketOf(call);
  const write = writerOf(parameters);
  const [prefix = '', delimiter = ''] = ['prefix', 'delimiter'].map((name) => parameters.get(name) ?? '');
  const limit = pageSizeOf(parameters, 'max-keys');
  const listing = listKeys(bucket.objects.keys(), { prefix, delimiter, after, limit });
  const common = {
    Name: bucket.name,
    Prefix: write(prefix),
    Delimiter: delimiter === '' ? undefined : write(delimiter),
    MaxKeys: limit,
    EncodingType: parameters.get('encoding-type') || undefined,
    IsTruncated: listing.last !== null,
  };
  return { bucket, write, listing, common };
};

const listObjects = (call: S3Call): Response => {
  const marker = call.parameters.get('marker') ?? '';
  const { bucket, write, listing, common } = pageOf(call, marker);
  // Without a delimiter the last key is the next marker, and nobody says so.
  const NextMarker = listing.last !== null && common.Delimiter !== undefined ? write(listing.last) : undefined;
  const head = members({ ...common, Marker: write(marker), NextMarker });
  return xmlAnswer('ListBucketResult', head + entriesXml(bucket, listing, write, true));
};

const listObjectsV2 = (call: S3Call): Response => {
  const { parameters } = call;
  if (parameters.get('list-type') !== '2') {
    throw invalidArgument('Invalid List Type specified in Request', 'list-type', parameters.get('list-type') ?? '');
  }
  const token = parameters.get('continuation-token');
  const startAfter = parameters.get('start-after');
  const { bucket, write, listing, common } = pageOf(call, token === null ? (startAfter ?? '') : readToken(token));
  const head = members({
    ...common,
    KeyCount: listing.keys.length + listing.commonPrefixes.length,
    StartAfter: startAfter === null ? undefined : write(startAfter),
    ContinuationToken: token ?? undefined,
    NextContinuationToken: listing.last === null ? undefined : tokenOf(listing.last),
  });
  return xmlAnswer('ListBucketResult', head + entriesXml(bucket, listing, write, parameters.get('fetch-owner') === 'true'));
};

const listBuckets = ({ account, parameters }: S3Call): Response => {
  const prefix = parameters.get('prefix') ?? '';
  const region = parameters.get('bucket-region');
  const token = parameters.get('continuation-token');
  const { buckets } = account.objects;
  const wanted = [...buckets.values()].filter((bucket) => region === null || bucket.region === region).map(({ name }) => name);
  const limit = pageSizeOf(parameters, 'max-buckets', 10_000);
  const after = token === null ? '' : readToken(token);
  const { keys, last } = listKeys(wanted, { prefix, delimiter: '', after, limit });
  const rows = keys.map((name) => {
    const { createdAt: CreationDate, region: BucketRegion } = buckets.get(name) ?? {};
    // Told where something is asked for at all.
    return { Name: name, CreationDate, BucketRegion: parameters.size > 0 ? BucketRegion : undefined };
  });
  const tail = members({
    ContinuationToken: last === null ? undefined : tokenOf(last),
    Prefix: parameters.has('prefix') ? prefix : undefined,
  });
  return xmlAnswer('ListAllMyBucketsResult', `${members({ Owner: OWNER })}<Buckets>${elements('Bucket', rows)}</Buckets>${tail}`);
};

const LIST_PARAMETERS = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

export const LIST_OPERATIONS: readonly S3Operation[] = [
  {
    name: 'ListBuckets',
    method: 'GET',
    of: 'account',
    parameters: ['max-buckets', 'continuation-token', 'prefix', 'bucket-region'],
    action: 's3:ListAllMyBuckets',
    run: listBuckets,
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    of: 'bucket',
    selectors: ['list-type'],
    parameters: [...LIST_PARAMETERS, 'continuation-token', 'start-after', 'fetch-owner'],
    action: 's3:ListBucket',
    run: listObjectsV2,
  },
  {
    name: 'ListObjects',
    method: 'GET',
    of: 'bucket',
    parameters: [...LIST_PARAMETERS, 'marker'],
    action: 's3:ListBucket',
    run: listObjects,
  },
];
