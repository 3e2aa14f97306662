import { sentPathOf } from '../../shared/sent-path.ts';
import { elements, members, s3Error, xmlAnswer } from './answers.ts';
import { checkObjectChecksum } from './checksums.ts';
import { chosenParts } from './completion.ts';
import { checkWriteConditions } from './conditions.ts';
import { sourceOf } from './copy.ts';
import { pageSizeOf } from './list-operations.ts';
import { md5Of, multipartEtagOf } from './md5.ts';
import { checkMd5, descriptionOf } from './object-operations.ts';
import { bucketOf, type S3Call, type S3Operation } from './operation.ts';
import { PARTS_LIMIT, partNumberOf } from './parts.ts';
import { rangeOf } from './range.ts';
import type { MultipartUpload, UploadedPart } from './store.ts';

/** Largest object that is put together here: it is held in memory. S3's are 50 TB. */
const OBJECT_LIMIT_BYTES = 1024 * 1024 * 1024;

const uploadOf = (call: S3Call): MultipartUpload => {
  const UploadId = call.parameters.get('uploadId') ?? '';
  const upload = bucketOf(call).uploads.get(UploadId);
  if (upload?.key === call.key) return upload;
  throw s3Error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId },
  );
};

const createMultipartUpload = (call: S3Call): Response => {
  const bucket = bucketOf(call);
  const uploadId = `${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll('-', '');
  bucket.uploads.set(uploadId, { uploadId, key: call.key, parts: new Map(), ...descriptionOf(call.request) });
  return xmlAnswer('InitiateMultipartUploadResult', members({ Bucket: bucket.name, Key: call.key, UploadId: uploadId }));
};

const keepPart = (call: S3Call, bytes: Uint8Array): UploadedPart => {
  const { parts } = uploadOf(call);
  const number = partNumberOf(call.parameters.get('partNumber') ?? '');
  const hash = md5Of(bytes);
  const etag = `"${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}"`;
  const part: UploadedPart = { bytes, hash, etag, modifiedAt: new Date() };
  parts.set(number, part);
  return part;
};

const uploadPart = (call: S3Call): Response => {
  checkMd5(call.request, call.content);
  return new Response(null, { headers: { etag: keepPart(call, call.content).etag, ...call.checksum } });
};

const uploadPartCopy = (call: S3Call): Response => {
  const { bytes } = sourceOf(call).object;
  const { start, end } = rangeOf(call.request.headers.get('x-amz-copy-source-range'), bytes.length) ?? {
    start: 0,
    end: bytes.length,
  };
  const { etag, modifiedAt } = keepPart(call, bytes.subarray(start, end));
  return xmlAnswer('CopyPartResult', members({ LastModified: modifiedAt, ETag: etag }));
};

const joined = (parts: readonly UploadedPart[]): Uint8Array => {
  const length = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (length > OBJECT_LIMIT_BYTES) {
    throw s3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: length,
      MaxSizeAllowed: OBJECT_LIMIT_BYTES,
    });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const { bytes } of parts) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
};

const completeMultipartUpload = (call: S3Call): Response => {
  const { account, request, key } = call;
  const bucket = bucketOf(call);
  const upload = uploadOf(call);
  const parts = chosenParts(upload, call.content);
  checkWriteConditions(request, bucket.objects.get(key));
  const { contentType, metadata, uploadId } = upload;
  const etag = multipartEtagOf(parts.map(({ hash }) => hash));
  const bytes = joined(parts);
  checkObjectChecksum(
    request.headers,
    bytes,
    parts.map((part) => part.bytes),
  );
  const partSizes = parts.map((part) => part.bytes.length);
  account.objects.put(bucket, key, { bytes, contentType, metadata, etag, partSizes });
  bucket.uploads.delete(uploadId);
  const { origin } = new URL(request.url);
  return xmlAnswer(
    'CompleteMultipartUploadResult',
    members({ Location: `${origin}${sentPathOf(request)}`, Bucket: bucket.name, Key: key, ETag: etag }),
  );
};

const abortMultipartUpload = (call: S3Call): Response => {
  bucketOf(call).uploads.delete(uploadOf(call).uploadId);
  return new Response(null, { status: 204 });
};

const listParts = (call: S3Call): Response => {
  const { parameters, bucketName, key } = call;
  const { uploadId, parts } = uploadOf(call);
  const limit = pageSizeOf(parameters, 'max-parts');
  const marker = pageSizeOf(new URLSearchParams({ marker: parameters.get('part-number-marker') ?? '0' }), 'marker', PARTS_LIMIT);
  const later = [...parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
  const shown = later.slice(0, limit);
  const head = members({
    Bucket: bucketName,
    Key: key,
    UploadId: uploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: shown.at(-1)?.[0] ?? 0,
    MaxParts: limit,
    IsTruncated: later.length > shown.length,
    StorageClass: 'STANDARD',
  });
  const rows = shown.map(([PartNumber, { bytes, etag, modifiedAt }]) => ({
    PartNumber,
    LastModified: modifiedAt,
    ETag: etag,
    Size: bytes.length,
  }));
  return xmlAnswer('ListPartsResult', head + elements('Part', rows));
};

const PART = ['partNumber', 'uploadId'];

export const MULTIPART_OPERATIONS: readonly S3Operation[] = [
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    of: 'object',
    selectors: ['uploads'],
    action: 's3:PutObject',
    run: createMultipartUpload,
  },
  { name: 'UploadPart', method: 'PUT', of: 'object', selectors: PART, action: 's3:PutObject', run: uploadPart },
  {
    name: 'UploadPartCopy',
    method: 'PUT',
    of: 'object',
    selectors: PART,
    isCopy: true,
    action: 's3:PutObject',
    run: uploadPartCopy,
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    of: 'object',
    selectors: ['uploadId'],
    isObjectSummed: true,
    action: 's3:PutObject',
    run: completeMultipartUpload,
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    of: 'object',
    selectors: ['uploadId'],
    action: 's3:AbortMultipartUpload',
    run: abortMultipartUpload,
  },
  {
    name: 'ListParts',
    method: 'GET',
    of: 'object',
    selectors: ['uploadId'],
    parameters: ['max-parts', 'part-number-marker'],
    action: 's3:ListMultipartUploadParts',
    run: listParts,
  },
];
