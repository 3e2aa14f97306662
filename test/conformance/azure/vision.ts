import { vision } from '../../../mocks/azure/services/vision.ts';
import { digitImage, errorOf, imageAnalyzer, signInForged } from '../../support/azure-cloud.ts';
import type { ConformanceCase } from '../case.ts';

export const visionCase: ConformanceCase = {
  spec: vision.spec,
  connect(target) {
    const analyze = imageAnalyzer(target, target.region);
    const elsewhere = imageAnalyzer(
      { ...target, originOf: (...of) => `${target.originOf(...of)}/nothing` },
      target.region,
      target.credential.subscriptionKey ?? '',
    );
    return {
      async good() {
        const { tagsResult, metadata } = await analyze(await digitImage());
        if (!tagsResult || metadata.width !== 128) throw new Error('the picture has no tags');
      },
      malformed: () => analyze(new TextEncoder().encode('no picture')),
      unknownResource: async () => elsewhere(await digitImage()),
    };
  },
  codeOf: (error) => errorOf(error).code,
  statusOf: (error) => errorOf(error).status,
  conditions: {
    // As for language.
    'forged-credential': async (target) => imageAnalyzer(target, target.region, signInForged(target))(await digitImage()),
  },
};
