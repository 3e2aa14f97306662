import { language } from '../../../mocks/azure/services/language.ts';
import { errorOf, languageClient, signInForged } from '../../support/azure-cloud.ts';
import type { ConformanceCase } from '../case.ts';

export const languageCase: ConformanceCase = {
  spec: language.spec,
  connect(target) {
    const client = languageClient(target, target.region);
    const nowhere = languageClient(
      { ...target, originOf: (...of) => `${target.originOf(...of)}/nothing` },
      target.region,
      target.credential.subscriptionKey ?? '',
    );
    return {
      async good() {
        const [result] = await client.analyze('SentimentAnalysis', ['This is wonderful.']);
        if (!result || result.error !== undefined || result.sentiment !== 'positive') throw new Error('praise is not positive');
      },
      malformed: () =>
        client.analyze(
          'SentimentAnalysis',
          Array.from({ length: 11 }, () => 'one too many'),
        ),
      unknownResource: () => nowhere.analyze('SentimentAnalysis', ['This is wonderful.']),
    };
  },
  codeOf: (error) => errorOf(error).code,
  statusOf: (error) => errorOf(error).status,
  conditions: {
    // A forged secret is refused by Entra before the service sees it; here it is the token that is forged.
    'forged-credential': (target) =>
      languageClient(target, target.region, signInForged(target)).analyze('SentimentAnalysis', ['This is wonderful.']),
  },
};
