import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { FailureCondition } from '../../control.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { AwsAccount } from '../account.ts';
import { parseAuthorization } from '../authorization.ts';
import { AwsError, failureError, toAwsError, withRequestId } from '../errors.ts';
import { checkPayload } from '../s3/payload.ts';
import { rangeOf } from '../s3/range.ts';
import { type Bucket, type StoredObject, standingBucket } from '../s3/store.ts';
import { authenticate } from '../sigv4.ts';
import { writeXml } from '../wire/xml.ts';

/** Largest object here: input and output of models, not data sets. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 's3',
  title: 'Amazon S3',
  layer: 'shared',
  isRegional: true,
  needsTls: false,
  // Each bucket has a name of its own too; those that are made later are reached by the first, with the bucket in the path.
  hosts: (region) => [`s3.${region}.amazonaws.com`, `${standingBucket(region)}.s3.${region}.amazonaws.com`],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-s3', override: 'endpoint with forcePathStyle, or AWS_ENDPOINT_URL_S3' },
  operations: [
    { name: 'CreateBucket', request: 'PUT /{Bucket}' },
    { name: 'ListObjectsV2', request: 'GET /{Bucket}?list-type=2' },
    { name: 'PutObject', request: 'PUT /{Bucket}/{Key}' },
    { name: 'GetObject', request: 'GET /{Bucket}/{Key}' },
    { name: 'HeadObject', request: 'HEAD /{Bucket}/{Key}' },
    { name: 'DeleteObject', request: 'DELETE /{Bucket}/{Key}' },
  ],
  quota: {
    requestsPerS: 3500,
    apart: { read: { requestsPerS: 5500 } },
    source:
      'of a prefix 3,500 writes and 5,500 reads a second, by the S3 user guide as others quote it; here of an endpoint; read November 2026',
  },
  errors: {
    'forged-credential': { status: 403, code: 'SignatureDoesNotMatch' },
    'expired-credential': { status: 400, code: 'ExpiredToken' },
    'revoked-credential': { status: 403, code: 'InvalidAccessKeyId' },
    'missing-permission': { status: 403, code: 'AccessDenied' },
    'malformed-request': { status: 400, code: 'InvalidBucketName' },
    'unknown-resource': { status: 404, code: 'NoSuchKey' },
    throttled: { status: 503, code: 'SlowDown' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@aws-sdk/client-s3 and its service model 2006-03-01 (NoSuchKey), S3 developer guide, "Signing and authenticating REST requests"; read November 2026. All else as clients know it.',
};

/** The front end's errors under S3's names. */
const NAMES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  UnrecognizedClientException: ['InvalidAccessKeyId', 403],
  ExpiredTokenException: ['ExpiredToken', 400],
  MissingAuthenticationTokenException: ['AccessDenied', 403],
  IncompleteSignatureException: ['AuthorizationHeaderMalformed', 400],
  AccessDeniedException: ['AccessDenied', 403],
  ThrottlingException: ['SlowDown', 503],
  InternalFailure: ['InternalError', 500],
};

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

const writeError = (code: string, status: number, message: string, requestId: string): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${writeXml({ Code: code, Message: message, RequestId: requestId }, '')}</Error>`,
    { status, headers: { 'content-type': 'application/xml' } },
  );

const errorResponse = (error: AwsError, requestId: string): Response => {
  const [code, status] = NAMES[error.code ?? ''] ?? [error.code ?? 'EntityTooLarge', error.status];
  const isUnsigned = error.code === 'MissingAuthenticationTokenException';
  return writeError(code, status, isUnsigned ? 'Access Denied' : error.message, requestId);
};

const notFound = (code: string, message: string) => new AwsError(code, 404, { message });

const decodePath = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', 400, { message: "Couldn't parse the specified URI." });
  }
};

/** Bucket and key, whether the bucket is in the host's name or in the path. */
const placeOf = ({ url, headers }: Request): readonly [bucket: string, key: string] => {
  const { pathname } = new URL(url);
  const host = (headers.get('host') ?? new URL(url).host).replace(/:\d+$/, '');
  const [, ofHost] = /^(.+)\.(?:s3[.-].*amazonaws\.com|localhost)$/.exec(host) ?? [];
  if (ofHost !== undefined) return [ofHost, decodePath(pathname.slice(1))];
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? [];
  return [decodePath(bucket), decodePath(key)];
};

const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/;

const operationOf = ({ method, url, headers }: Request, bucket: string, key: string): string => {
  const { searchParams } = new URL(url);
  if (bucket === '') return '';
  if (key === '') {
    if (method === 'PUT' && searchParams.size === 0) return 'CreateBucket';
    if (searchParams.get('delimiter')) return '';
    return method === 'GET' && searchParams.get('list-type') === '2' ? 'ListObjectsV2' : '';
  }
  // A copy's body is empty, and another part of an object, such as its tags, is not its content.
  if (headers.has('x-amz-copy-source') || [...searchParams.keys()].some((name) => name !== 'x-id')) return '';
  const names: Readonly<Record<string, string>> = {
    PUT: 'PutObject',
    GET: 'GetObject',
    HEAD: 'HeadObject',
    DELETE: 'DeleteObject',
  };
  return names[method] ?? '';
};

const listObjects = ({ name, objects }: Bucket, parameters: URLSearchParams): Response => {
  const prefix = parameters.get('prefix') ?? '';
  const after = parameters.get('continuation-token') ?? parameters.get('start-after') ?? '';
  const asked = Number(parameters.get('max-keys') ?? 1000);
  if (!Number.isInteger(asked) || asked < 0) {
    throw new AwsError('InvalidArgument', 400, { message: 'Provided max-keys not an integer or within integer range' });
  }
  const limit = Math.min(asked, 1000);
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const shown = keys.slice(0, limit);
  const contents = shown
    .map((key) => {
      const object = objects.get(key);
      return object
        ? `<Contents>${writeXml({ Key: key, LastModified: object.modifiedAt, ETag: object.etag, Size: object.bytes.length, StorageClass: 'STANDARD' }, '')}</Contents>`
        : '';
    })
    .join('');
  const isTruncated = keys.length > shown.length;
  const head = writeXml(
    {
      Name: name,
      Prefix: prefix,
      KeyCount: shown.length,
      MaxKeys: limit,
      IsTruncated: isTruncated,
      NextContinuationToken: isTruncated ? shown.at(-1) : undefined,
    },
    '',
  );
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="${NAMESPACE}">${head}${contents}</ListBucketResult>`,
    { headers: { 'content-type': 'application/xml' } },
  );
};

const getObject = ({ bytes, contentType, etag, modifiedAt, metadata }: StoredObject, request: Request): Response => {
  const range = rangeOf(request.headers.get('range'), bytes.length);
  const { start, end } = range ?? { start: 0, end: bytes.length };
  return new Response(request.method === 'HEAD' ? null : Uint8Array.from(bytes.subarray(start, end)), {
    status: range ? 206 : 200,
    headers: {
      'content-type': contentType,
      'content-length': String(end - start),
      ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` } : {}),
      etag,
      'last-modified': modifiedAt.toUTCString(),
      'accept-ranges': 'bytes',
      ...metadata,
    },
  });
};

const METADATA = 'x-amz-meta-';
const LENIENT_REGION = 'us-east-1';

const act = (account: AwsAccount, region: string, request: Request, operation: string, content: Uint8Array): Response => {
  const [bucketName, key] = placeOf(request);
  if (!BUCKET_NAME.test(bucketName))
    throw new AwsError('InvalidBucketName', 400, { message: 'The specified bucket is not valid.' });
  const { objects: store } = account;
  const bucket = store.buckets.get(bucketName);
  if (operation === 'CreateBucket') {
    // In us-east-1 alone, one's own bucket can be created again (`BucketAlreadyOwnedByYou` in the service model).
    if (bucket && !(region === LENIENT_REGION && bucket.region === LENIENT_REGION)) {
      throw new AwsError('BucketAlreadyOwnedByYou', 409, {
        message: 'Your previous request to create the named bucket succeeded and you already own it.',
      });
    }
    if (!bucket) store.createBucket(bucketName, region);
    return new Response(null, { headers: { location: `/${bucketName}` } });
  }
  if (!bucket) throw notFound('NoSuchBucket', 'The specified bucket does not exist');
  if (bucket.region !== region) {
    throw new AwsError('PermanentRedirect', 301, {
      message: `The bucket you are attempting to access must be addressed using the specified endpoint: s3.${bucket.region}.amazonaws.com.`,
    });
  }
  if (operation === 'ListObjectsV2') return listObjects(bucket, new URL(request.url).searchParams);
  if (operation === 'PutObject') {
    const metadata = Object.fromEntries([...request.headers].filter(([name]) => name.startsWith(METADATA)));
    const contentType = request.headers.get('content-type') ?? 'binary/octet-stream';
    return new Response(null, { headers: { etag: store.put(bucket, key, { bytes: content, contentType, metadata }).etag } });
  }
  if (operation === 'DeleteObject') {
    bucket.objects.delete(key);
    return new Response(null, { status: 204 });
  }
  const object = bucket.objects.get(key);
  if (!object) throw notFound('NoSuchKey', 'The specified key does not exist.');
  return getObject(object, request);
};

const answer = async (account: AwsAccount, region: string, request: Request): Promise<Response> => {
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body)
    throw new AwsError('EntityTooLarge', 400, { message: 'Your proposed upload exceeds the maximum allowed object size.' });
  const [bucket, key] = placeOf(request);
  const operation = operationOf(request, bucket, key);
  // Anyone's request, which has no hash of its body either: nothing here is public.
  parseAuthorization(request.headers.get('authorization'));
  const { bodyHash, content } = checkPayload(request.headers, body);
  const scope = { service: 's3', regions: [region], s3: { bodyHash } };
  const { principal } = await authenticate(request, body, scope, account.keys);
  account.takeRequest(spec.service, region, request.method === 'GET' || request.method === 'HEAD' ? 'read' : undefined);
  if (operation === '')
    throw new AwsError('NotImplemented', 501, {
      message: 'A header or query you provided implies functionality that is not implemented.',
    });
  account.authorize(
    principal,
    spec.service,
    operation,
    `s3:${operation}`,
    `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`,
  );
  return act(account, region, request, operation, content);
};

/** Objects in buckets, one part each: what asynchronous inference reads and writes, and where Rekognition finds pictures. */
export const s3: CloudService<AwsAccount> = {
  spec,
  create: (account, region) => async (request) => {
    const requestId = crypto.randomUUID();
    const response = await answer(account, region, request).catch((error: unknown) =>
      errorResponse(toAwsError(error), requestId),
    );
    response.headers.set('x-amz-request-id', requestId);
    return withRequestId(response, requestId);
  },
  failure(condition: FailureCondition) {
    const requestId = crypto.randomUUID();
    const error = failureError(condition === 'model-error' ? 'internal' : condition);
    return withRequestId(errorResponse(error, requestId), requestId);
  },
};

/** What stands before S3 can see of its requests and answer in its place (`AwsFront`). */
export const s3Front = {
  isInBody: false,
  operationOf(request: Request): string {
    try {
      return operationOf(request, ...placeOf(request));
    } catch {
      return '';
    }
  },
  fail(code: string, status: number, message: string): Response {
    const requestId = crypto.randomUUID();
    const response = writeError(code, status, message, requestId);
    response.headers.set('x-amz-request-id', requestId);
    return withRequestId(response, requestId);
  },
};
