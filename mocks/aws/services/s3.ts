import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { FailureCondition } from '../../control.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { AwsAccount } from '../account.ts';
import { failureError, toAwsError, withRequestId } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { errorAnswer, s3Error, writeError } from '../s3/answers.ts';
import { checkChecksums } from '../s3/checksums.ts';
import { checkBucketName, checkKeyLength, matchOperation, type Place, placeOf } from '../s3/match.ts';
import { resourceArn } from '../s3/operation.ts';
import { requestOf, S3_OPERATIONS } from '../s3/operations.ts';
import { bodyHashOf, type Payload, payloadOf } from '../s3/payload.ts';
import { isPresigned, readPresigned } from '../s3/presigned.ts';
import { authenticateV2, isPresignedV2, unsupportedMechanism } from '../s3/presigned-v2.ts';
import { HEADER_REFUSALS, QUERY_REFUSALS } from '../s3/refusals.ts';
import { standingBucket } from '../s3/store.ts';
import { authenticate, signatureInHeaders, signFor } from '../sigv4.ts';

/** Largest body here: of an object that comes in one piece, or of a part. */
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
  operations: S3_OPERATIONS.map((operation) => ({ name: operation.name, request: requestOf(operation) })),
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
    '@aws-sdk/client-s3 and its service model 2006-03-01 (NoSuchKey), S3 developer guide, "Signing and authenticating REST requests", S3 API reference, "Error responses", moto 5.2.5 and answers of S3 in issue trackers (words of errors); read November 2026. All else as clients know it.',
};

/** Whose request it is, signed in a header or in the query. @throws {AwsError} */
const signerOf = async (
  { keys }: AwsAccount,
  region: string,
  request: Request,
  parameters: URLSearchParams,
  place: Place,
  body: Uint8Array,
): Promise<{ readonly principal: Principal; readonly payload: Payload }> => {
  const { headers } = request;
  const header = headers.get('authorization');
  if (header === null && isPresignedV2(parameters)) {
    const key = authenticateV2(request, parameters, region, place.isInHost ? place.bucketName : null, keys);
    return { principal: key.principal, payload: { content: body, trailers: null } };
  }
  if (header?.startsWith('AWS ')) throw unsupportedMechanism();
  const isInQuery = header === null && isPresigned(parameters);
  // Anyone's request, which has no hash of its body either, is refused for that: nothing here is public.
  const signature = isInQuery ? readPresigned(parameters) : signatureInHeaders(request);
  const bodyHash = bodyHashOf(headers, body, isInQuery);
  const refusals = isInQuery ? QUERY_REFUSALS : HEADER_REFUSALS;
  const scope = { service: 's3', regions: [region], s3: { bodyHash, signature, refusals } };
  const { principal, credential } = await authenticate(request, body, scope, keys);
  const sign = (text: string) => signFor(credential, signature.authorization, text);
  return { principal, payload: payloadOf(headers, body, bodyHash, signature, sign) };
};

const answer = async (account: AwsAccount, region: string, request: Request): Promise<Response> => {
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body) {
    throw s3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed object size.', {
      MaxSizeAllowed: BODY_LIMIT_BYTES,
    });
  }
  const place = placeOf(request);
  const { bucketName, key } = place;
  const parameters = new URL(request.url).searchParams;
  const { principal, payload } = await signerOf(account, region, request, parameters, place, body);
  account.takeRequest(spec.service, region, request.method === 'GET' || request.method === 'HEAD' ? 'read' : undefined);
  const operation = matchOperation(S3_OPERATIONS, request, place, parameters);
  if (!operation) {
    throw s3Error('NotImplemented', 501, 'A header or query you provided implies functionality that is not implemented.');
  }
  const authorize = (name: string, action: string, resource: string) =>
    account.authorize(principal, spec.service, name, action, resource);
  authorize(operation.name, operation.action, resourceArn(bucketName, key));
  if (operation.of !== 'account') checkBucketName(bucketName);
  checkKeyLength(key);
  const { content, trailers } = payload;
  const checksum = operation.isObjectSummed ? {} : checkChecksums(request.headers, content, trailers);
  return operation.run({ account, region, request, parameters, bucketName, key, content, checksum, authorize });
};

/** Objects in buckets: what asynchronous inference reads and writes, where Rekognition finds pictures, and where SDKs put files. */
export const s3: CloudService<AwsAccount> = {
  spec,
  create: (account, region) => async (request) => {
    const requestId = crypto.randomUUID();
    const response = await answer(account, region, request).catch((error: unknown) =>
      errorAnswer(toAwsError(error), requestId, request.method),
    );
    response.headers.set('x-amz-request-id', requestId);
    return withRequestId(response, requestId);
  },
  failure(condition: FailureCondition) {
    const requestId = crypto.randomUUID();
    const error = failureError(condition === 'model-error' ? 'internal' : condition);
    return withRequestId(errorAnswer(error, requestId), requestId);
  },
};

/** What stands before S3 can see of its requests and answer in its place (`AwsFront`). */
export const s3Front = {
  isInBody: false,
  operationOf(request: Request): string {
    try {
      return matchOperation(S3_OPERATIONS, request, placeOf(request), new URL(request.url).searchParams)?.name ?? '';
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
