import { Agent } from 'node:https';
import { ComputerVisionClient } from '@azure/cognitiveservices-computervision';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import { beforeAll, describe, expect, test } from 'vitest';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { DIGIT_NAMES } from '../../../mocks/models/vision/recognize.ts';
import { digitImage, EAST, mountAzureCloud } from '../../support/azure-cloud.ts';

let models: ModelRuntime;
beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});

type Azure = Awaited<ReturnType<typeof mountAzureCloud>>;

const clientOf = (azure: Azure, key = azure.credential.subscriptionKey ?? '') =>
  new ComputerVisionClient(
    new ApiKeyCredentials({ inHeader: { 'Ocp-Apim-Subscription-Key': key } }),
    azure.originOf('vision', EAST),
    { agentSettings: { http: new Agent(), https: new Agent({ ca: azure.caCertPem }) }, noRetryPolicy: true },
  );

/** What a call was refused with: status, code and inner code. */
const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error) || !('body' in error)) throw error;
  const { statusCode, body } = error as Error & {
    readonly statusCode: number;
    readonly body: { readonly error: { readonly code: string; readonly innererror?: { readonly code: string } } };
  };
  return { status: statusCode, code: body.error.code, inner: body.error.innererror?.code };
};

describe('@azure/cognitiveservices-computervision, unmodified, of Computer Vision 3.2', () => {
  test('tags and describes each sample picture by the digit that it shows', async () => {
    await using azure = await mountAzureCloud(models);
    await azure.account.control({ type: 'set-quota', region: '*', service: 'vision', requestsPerS: 1_000_000 });
    const client = clientOf(azure);
    for (const [digit, name] of DIGIT_NAMES.entries()) {
      const { tags, metadata, requestId } = await client.tagImageInStream(await digitImage(`${digit}-1`));
      expect(tags?.[0]).toEqual({ name: name.toLowerCase(), confidence: expect.closeTo(0.75, 0.25) });
      expect(metadata).toEqual({ width: 128, height: 128, format: 'Png' });
      expect(requestId).toMatch(/^[-0-9a-f]{36}$/);
    }
    const image = await digitImage('7-1');
    const analysis = await client.analyzeImageInStream(image, { visualFeatures: ['Tags', 'Description'] });
    expect(analysis.tags?.[0]?.name).toBe('seven');
    expect(analysis.description?.tags?.[0]).toBe('seven');
    expect(analysis.description?.captions).toEqual([{ text: 'the digit seven', confidence: analysis.tags?.[0]?.confidence }]);
    const onlyTags = await client.analyzeImageInStream(image, { visualFeatures: ['Tags'] });
    expect(onlyTags.tags).toEqual(analysis.tags);
    expect(onlyTags.description).toBeUndefined();
    const { captions } = await client.describeImageInStream(image, { maxCandidates: 3 });
    expect(captions?.[0]?.text).toBe('the digit seven');
  });

  test('refuses what is no image, what it cannot look for and what it cannot reach', async () => {
    await using azure = await mountAzureCloud(models);
    await azure.account.control({ type: 'set-quota', region: '*', service: 'vision', requestsPerS: 1_000_000 });
    const client = clientOf(azure);
    const image = await digitImage();
    const invalid = (inner: string) => ({ status: 400, code: 'InvalidRequest', inner });
    expect(await refusalOf(client.tagImageInStream(new TextEncoder().encode('GIF89a')))).toEqual(invalid('InvalidImageFormat'));
    expect(await refusalOf(client.analyzeImageInStream(image, { visualFeatures: ['Tags', 'Faces'] }))).toEqual(
      invalid('NotSupportedFeature'),
    );
    // Told nothing, the service looks for categories.
    expect(await refusalOf(client.analyzeImageInStream(image))).toEqual(invalid('NotSupportedFeature'));
    expect(await refusalOf(client.describeImageInStream(image, { maxCandidates: 0 }))).toEqual(invalid('BadArgument'));
    expect(await refusalOf(client.tagImageInStream(image, { language: 'ja' }))).toEqual(invalid('NotSupportedLanguage'));
    expect(await refusalOf(client.tagImage('https://example.com/four.png'))).toEqual(invalid('InvalidImageUrl'));
    expect(await refusalOf(client.tagImageInStream(new Uint8Array(4 * 1024 * 1024 + 1)))).toEqual(invalid('InvalidImageSize'));
    expect(await refusalOf(client.detectObjectsInStream(image))).toMatchObject({ status: 404 });
    expect(await refusalOf(clientOf(azure, 'f'.repeat(32)).tagImageInStream(image))).toMatchObject({ status: 401, code: '401' });
  });
});
