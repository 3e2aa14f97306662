import { childText, readXml } from '../wire/read-xml.ts';
import { elements, malformedXml, s3Error, xmlAnswer } from './answers.ts';
import { checkWriteConditions, isKnownToReader } from './conditions.ts';
import { md5Of } from './md5.ts';
import { bucketOf, objectOf, type S3Call, type S3Operation } from './operation.ts';
import { askedRangeOf } from './parts.ts';
import { RESPONSE_OVERRIDES } from './response-overrides.ts';
import type { StoredObject } from './store.ts';

/** Most keys that are deleted by one request. */
const DELETE_LIMIT = 1000;

const METADATA = 'x-amz-meta-';

/** Headers that are kept with an object and given back with it, besides its metadata. */
const KEPT: readonly string[] = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

/** `aws-chunked` is how the body came, and not how it is encoded. */
const withoutChunks = (encoding: string): string =>
  encoding
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'aws-chunked')
    .join(',');

/** What a request says of the object that it brings. */
export const descriptionOf = ({ headers }: Request): Pick<StoredObject, 'contentType' | 'metadata'> => ({
  contentType: headers.get('content-type') ?? 'binary/octet-stream',
  metadata: Object.fromEntries(
    [...headers]
      .filter(([name]) => name.startsWith(METADATA) || KEPT.includes(name))
      .map(([name, value]) => [name, name === 'content-encoding' ? withoutChunks(value) : value])
      .filter(([, value]) => value !== ''),
  ),
});

/** @throws {AwsError} `InvalidDigest`, `BadDigest` */
export const checkMd5 = ({ headers }: Request, content: Uint8Array): void => {
  const given = headers.get('content-md5');
  if (given === null) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(given)) throw s3Error('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.');
  const CalculatedDigest = btoa(String.fromCharCode(...md5Of(content)));
  if (given === CalculatedDigest) return;
  throw s3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: given,
    CalculatedDigest,
  });
};

const putObject = (call: S3Call): Response => {
  const { account, request, key, content, checksum } = call;
  const bucket = bucketOf(call);
  checkMd5(request, content);
  checkWriteConditions(request, bucket.objects.get(key));
  const { etag } = account.objects.put(bucket, key, { bytes: content, ...descriptionOf(request) });
  return new Response(null, { headers: { etag, ...checksum } });
};

/** What a reader may ask for in the query. */
const READ_PARAMETERS: readonly string[] = [...RESPONSE_OVERRIDES, 'partNumber'];

const getObject = (call: S3Call): Response => {
  const { request, key, parameters } = call;
  const object = objectOf(bucketOf(call), key);
  const { bytes, contentType, etag, modifiedAt, metadata, partSizes } = object;
  const validators = { etag, 'last-modified': modifiedAt.toUTCString() };
  if (isKnownToReader(request, object)) return new Response(null, { status: 304, headers: validators });
  const partNumber = parameters.get('partNumber');
  const range = askedRangeOf(object, request.headers.get('range'), partNumber);
  const { start, end } = range ?? { start: 0, end: bytes.length };
  const overrides = RESPONSE_OVERRIDES.filter((name) => parameters.has(name));
  return new Response(request.method === 'HEAD' ? null : Uint8Array.from(bytes.subarray(start, end)), {
    status: range ? 206 : 200,
    headers: {
      'content-type': contentType,
      'content-length': String(end - start),
      ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` } : {}),
      ...(partNumber !== null && partSizes ? { 'x-amz-mp-parts-count': String(partSizes.length) } : {}),
      ...validators,
      'accept-ranges': 'bytes',
      ...metadata,
      ...Object.fromEntries(overrides.map((name) => [name.replace('response-', ''), parameters.get(name) ?? ''])),
    },
  });
};

const deleteObject = (call: S3Call): Response => {
  bucketOf(call).objects.delete(call.key);
  return new Response(null, { status: 204 });
};

/** What is not there is deleted as well as what is. @throws {AwsError} `MalformedXML` */
const deleteObjects = (call: S3Call): Response => {
  const { objects } = bucketOf(call);
  checkMd5(call.request, call.content);
  const root = readXml(new TextDecoder().decode(call.content));
  const rows = root?.name === 'Delete' ? root.children.filter(({ name }) => name === 'Object') : [];
  const keys = rows.map((row) => childText(row, 'Key') ?? '');
  if (!root || keys.length === 0 || keys.length > DELETE_LIMIT || keys.includes('')) throw malformedXml();
  for (const key of keys) objects.delete(key);
  const isQuiet = childText(root, 'Quiet')?.trim() === 'true';
  return xmlAnswer(
    'DeleteResult',
    isQuiet
      ? ''
      : elements(
          'Deleted',
          keys.map((Key) => ({ Key })),
        ),
  );
};

export const OBJECT_OPERATIONS: readonly S3Operation[] = [
  { name: 'PutObject', method: 'PUT', of: 'object', action: 's3:PutObject', run: putObject },
  { name: 'GetObject', method: 'GET', of: 'object', parameters: READ_PARAMETERS, action: 's3:GetObject', run: getObject },
  { name: 'HeadObject', method: 'HEAD', of: 'object', parameters: READ_PARAMETERS, action: 's3:GetObject', run: getObject },
  { name: 'DeleteObject', method: 'DELETE', of: 'object', action: 's3:DeleteObject', run: deleteObject },
  {
    name: 'DeleteObjects',
    method: 'POST',
    of: 'bucket',
    selectors: ['delete'],
    action: 's3:DeleteObject',
    run: deleteObjects,
  },
];
