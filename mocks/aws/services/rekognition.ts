import { z } from 'zod';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import { ImageError, type ImageProblem } from '../../models/vision/image.ts';
import { type Label, recognizeDigit } from '../../models/vision/recognize.ts';
import type { AwsAccount } from '../account.ts';
import { AwsError, frontEndError } from '../errors.ts';
import type { ObjectStore } from '../s3/store.ts';
import { failureIn, type Operation, serve } from '../serve.ts';
import { jsonProtocol } from '../wire/json-protocol.ts';
import { validate } from '../wire/validation.ts';

const protocol = jsonProtocol('RekognitionService');

/** An image of 5 MB, the most that a request can hold, is a third larger in base64. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Largest image in a request, and in S3, bytes. Source: Rekognition developer guide, "Guidelines and quotas", read November 2026. The smallest
 * side, 80 pixels there, is not asked for: digits are small. The largest side is as we know it.
 */
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_BYTES_IN_S3 = 15 * 1024 * 1024;
const MAX_SIDE = 10_000;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'rekognition',
  title: 'Amazon Rekognition',
  layer: 'SaaS',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`rekognition.${region}.amazonaws.com`],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-rekognition', override: 'endpoint, or AWS_ENDPOINT_URL_REKOGNITION' },
  operations: [{ name: 'DetectLabels', request: 'POST / (X-Amz-Target: RekognitionService.DetectLabels)' }],
  quota: {
    requestsPerS: 50,
    source:
      '50 DetectLabels a second in us-east-1 and us-west-2, as we know its quotas, and less elsewhere; here everywhere; looked up nowhere',
  },
  errors: {
    'forged-credential': { status: 400, code: 'InvalidSignatureException' },
    'expired-credential': { status: 400, code: 'ExpiredTokenException' },
    'revoked-credential': { status: 400, code: 'UnrecognizedClientException' },
    'missing-permission': { status: 400, code: 'AccessDeniedException' },
    'malformed-request': { status: 400, code: 'InvalidImageFormatException' },
    'unknown-resource': { status: 400, code: 'InvalidS3ObjectException' },
    throttled: { status: 400, code: 'ProvisionedThroughputExceededException' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    "@aws-sdk/client-rekognition and service model 2016-06-27 (names of errors), botocore's retry rules (400 above the rate); read November 2026. Codes of refused credentials as clients know them.",
};

const refuse = (code: string, Message: string) => new AwsError(code, 400, { Message });

const PROBLEMS: Readonly<Record<ImageProblem, readonly [code: string, message: string]>> = {
  empty: ['InvalidParameterException', 'Request has invalid parameters'],
  'unsupported-format': ['InvalidImageFormatException', 'Request has invalid image format'],
  malformed: ['InvalidImageFormatException', 'Request has invalid image format'],
  'too-many-bytes': ['ImageTooLargeException', 'Image size is too large'],
  'too-many-pixels': ['ImageTooLargeException', 'Image size is too large'],
  'too-wide': ['ImageTooLargeException', 'Image size is too large'],
  'too-small': ['InvalidParameterException', 'Request has invalid parameters'],
};

const input = z.looseObject({
  Image: z.looseObject({
    Bytes: z.string().optional(),
    S3Object: z
      .looseObject({ Bucket: z.string().min(3).max(255).optional(), Name: z.string().min(1).max(1024).optional() })
      .optional(),
  }),
  MaxLabels: z.int().min(0).optional(),
  /** Percent. Without it, labels of 55 % and more are given. */
  MinConfidence: z.number().min(0).max(100).default(55),
  Features: z.array(z.enum(['GENERAL_LABELS', 'IMAGE_PROPERTIES'])).optional(),
});

type Image = z.output<typeof input>['Image'];

const bytesOf = ({ Bytes, S3Object }: Image, objects: ObjectStore): Uint8Array => {
  if ((Bytes === undefined) === (S3Object === undefined))
    throw refuse('InvalidParameterException', 'Request has invalid parameters');
  if (Bytes === undefined) {
    const object = objects.read(`s3://${S3Object?.Bucket}/${S3Object?.Name}`);
    if (object) return object.bytes;
    throw refuse(
      'InvalidS3ObjectException',
      'Unable to get object metadata from S3. Check object key, region and/or access permissions.',
    );
  }
  try {
    return Uint8Array.from(atob(Bytes), (character) => character.charCodeAt(0));
  } catch {
    throw frontEndError('SerializationException', 'image.bytes: base64 is expected.', 400);
  }
};

const present = ({ name, confidence }: Label) => ({
  Name: name,
  Confidence: confidence * 100,
  Instances: [],
  Parents: [{ Name: 'Number' }, { Name: 'Symbol' }],
  Aliases: [],
  Categories: [{ Name: 'Symbols and Flags' }],
});

const detectLabels: Operation = {
  async run(raw, { account }) {
    const { Image, MaxLabels, MinConfidence } = validate(input, raw, 'InvalidParameterException');
    try {
      const limits = { maxBytes: Image.S3Object ? MAX_BYTES_IN_S3 : MAX_BYTES, maxSide: MAX_SIDE };
      const { labels } = await recognizeDigit(account.models, bytesOf(Image, account.objects), limits);
      const shown = labels.filter(({ confidence }) => confidence * 100 >= MinConfidence).slice(0, MaxLabels);
      return { Labels: shown.map(present), LabelModelVersion: '3.0' };
    } catch (error) {
      if (error instanceof ImageError) throw refuse(...PROBLEMS[error.problem]);
      throw error;
    }
  },
};

/** Labels of a picture, which are the ten digits: what the bundled model knows. */
export const rekognition: CloudService<AwsAccount> = {
  spec,
  create: (account, region) =>
    serve(
      {
        spec,
        protocol,
        signingName: 'rekognition',
        bodyLimitBytes: BODY_LIMIT_BYTES,
        operations: { DetectLabels: detectLabels },
        throttled: () => refuse('ProvisionedThroughputExceededException', 'Provisioned rate exceeded.'),
      },
      account,
      region,
    ),
  failure: failureIn(protocol),
};
