import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AccessDeniedException,
  DetectLabelsCommand,
  type DetectLabelsCommandInput,
  ImageTooLargeException,
  InvalidImageFormatException,
  InvalidParameterException,
  InvalidS3ObjectException,
  ProvisionedThroughputExceededException,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../harness/package-root.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { DIGIT_NAMES } from '../../../mocks/models/vision/recognize.ts';
import { EAST, mountAwsCloud, realModels, refusal, WEST } from '../../support/aws-cloud.ts';

let models: ModelRuntime;

beforeAll(async () => {
  models = await realModels();
});

const picture = (name: string): Uint8Array => readFileSync(join(packageRoot, 'mocks/models/vision/samples', `${name}.png`));

const given = async () => {
  const cloud = await mountAwsCloud({ models });
  const detect = (input: Partial<DetectLabelsCommandInput> = {}, region = EAST) =>
    new RekognitionClient(cloud.options('rekognition', region)).send(
      new DetectLabelsCommand({ Image: { Bytes: picture('4-1') }, ...input }),
    );
  return { ...cloud, detect, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('@aws-sdk/client-rekognition, unmodified', () => {
  test.each(DIGIT_NAMES.map((name, digit) => [name, digit] as const))('sees %s', async (name, digit) => {
    await using rekognition = await given();
    const { Labels, LabelModelVersion } = await rekognition.detect({ Image: { Bytes: picture(`${digit}-1`) } }, WEST);
    expect(LabelModelVersion).toBe('3.0');
    expect(Labels?.[0]?.Name).toBe(name);
    expect(Labels?.[0]?.Confidence).toBeGreaterThan(55);
  });

  test('gives as many labels as are asked for, of the confidence that is asked for, likeliest first', async () => {
    await using rekognition = await given();
    const all = (await rekognition.detect({ MinConfidence: 0 })).Labels ?? [];
    expect(all).toHaveLength(10);
    const confidences = all.map(({ Confidence = 0 }) => Confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
    expect(confidences.reduce((sum, each) => sum + each, 0)).toBeCloseTo(100, 2);
    expect((await rekognition.detect({ MinConfidence: 0, MaxLabels: 3 })).Labels).toEqual(all.slice(0, 3));
    expect((await rekognition.detect({ MinConfidence: 100 })).Labels).toEqual([]);
  });

  test.each([
    ['no picture at all', { Image: { Bytes: new TextEncoder().encode('text') } }, InvalidImageFormatException],
    ['a picture that is cut off', { Image: { Bytes: picture('4-1').subarray(0, 40) } }, InvalidImageFormatException],
    ['a picture over 5 MB', { Image: { Bytes: new Uint8Array(5 * 1024 * 1024 + 1) } }, ImageTooLargeException],
    ['neither bytes nor an object', { Image: {} }, InvalidParameterException],
    ['a confidence beyond 100', { MinConfidence: 101 }, InvalidParameterException],
    ['an object that is not there', { Image: { S3Object: { Bucket: 'pictures', Name: 'four.png' } } }, InvalidS3ObjectException],
  ])('refuses %s with the SDK’s own class', async (_, input, type) => {
    await using rekognition = await given();
    const error = await refusal(rekognition.detect(input));
    expect(error).toBeInstanceOf(type);
    expect(error.$metadata.httpStatusCode).toBe(400);
  });

  test('refuses who may not, and who asks too often', async () => {
    await using rekognition = await given();
    const permission = { type: 'set-permission', service: 'rekognition', operation: 'DetectLabels' } as const;
    await rekognition.account.control({ ...permission, isAllowed: false });
    const denied = await refusal(rekognition.detect());
    expect(denied).toBeInstanceOf(AccessDeniedException);
    expect(denied.message).toMatch(/is not authorized to perform: rekognition:DetectLabels on resource: \*/);
    await rekognition.account.control({ ...permission, isAllowed: true });
    await rekognition.account.control({ type: 'set-quota', service: 'rekognition', region: EAST, requestsPerS: 0.001 });
    await rekognition.detect();
    expect(await refusal(rekognition.detect())).toBeInstanceOf(ProvisionedThroughputExceededException);
    await rekognition.detect({}, WEST);
  });
});
