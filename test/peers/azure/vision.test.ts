import { beforeAll, describe, expect, test } from 'vitest';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { DIGIT_NAMES } from '../../../mocks/models/vision/recognize.ts';
import { digitImage, EAST, imageAnalyzer, mountAzureCloud, refusalOf, signIn, WEST_EUROPE } from '../../support/azure-cloud.ts';

let models: ModelRuntime;
beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});

describe('@azure-rest/ai-vision-image-analysis, unmodified', () => {
  test('tags each sample picture with the digit that it shows, by key in one region and by Entra in the other', async () => {
    await using azure = await mountAzureCloud(models);
    await azure.account.control({ type: 'set-quota', region: '*', service: 'vision', requestsPerS: 1_000_000 });
    const byKey = imageAnalyzer(azure, EAST, azure.credential.subscriptionKey);
    const bySignIn = imageAnalyzer(azure, WEST_EUROPE, signIn(azure));
    for (const analyze of [byKey, bySignIn]) {
      for (const [digit, name] of DIGIT_NAMES.entries()) {
        const { tagsResult, metadata } = await analyze(await digitImage(`${digit}-1`));
        expect(tagsResult?.values[0]).toEqual({ name: name.toLowerCase(), confidence: expect.closeTo(0.75, 0.25) });
        expect(metadata).toEqual({ width: 128, height: 128 });
      }
    }
  });

  test('refuses what is no image, and features that it has not', async () => {
    await using azure = await mountAzureCloud(models);
    const analyze = imageAnalyzer(azure, EAST);
    const image = await digitImage();
    expect(await refusalOf(analyze(new TextEncoder().encode('GIF89a')))).toMatchObject({ code: 'InvalidRequest', status: 400 });
    expect(await refusalOf(analyze(image.slice(0, 200)))).toMatchObject({ code: 'InvalidRequest', status: 400 });
    expect(await refusalOf(analyze(image, ['mood']))).toMatchObject({ code: 'InvalidRequest', status: 400 });
    expect(await refusalOf(analyze(image, ['caption']))).toMatchObject({ code: 'InvalidRequest', status: 400 });
  });

  test('takes ten images a second in a region', async () => {
    await using azure = await mountAzureCloud(models);
    const analyze = imageAnalyzer(azure, EAST);
    await azure.account.control({ type: 'set-quota', region: EAST, service: 'vision', requestsPerS: 0.001 });
    await analyze(await digitImage());
    expect(await refusalOf(analyze(await digitImage()))).toMatchObject({ code: '429', status: 429 });
    await imageAnalyzer(azure, WEST_EUROPE)(await digitImage());
  });
});
