import { HubApiError, modelInfo, whoAmI } from '@huggingface/hub';
import { hub } from '../../../mocks/huggingface/services/hub.ts';
import type { ConformanceCase } from '../case.ts';
import { forge } from './errors.ts';

export const hubCase: ConformanceCase = {
  spec: hub.spec,
  connect({ origin, credential }) {
    const { accessToken = '' } = credential;
    return {
      async good() {
        const { type, auth } = await whoAmI({ hubUrl: origin, accessToken });
        if (type !== 'user' || auth.type !== 'access_token') throw new Error('the token was said to be nobody’s');
      },
      unknownResource: () => modelInfo({ hubUrl: origin, accessToken, name: 'squall/nothing' }),
    };
  },
  forge,
  // The SDK's class does not set its name.
  codeOf: (error) => (error instanceof HubApiError ? 'HubApiError' : (error as Error).name),
  statusOf: (error) => (error as HubApiError).statusCode,
};
