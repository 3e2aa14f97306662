import { InferenceClient } from '@huggingface/inference';
import { inferenceEndpoints } from '../../../mocks/huggingface/services/inference-endpoints.ts';
import { ONCE } from '../../support/huggingface.ts';
import type { ConformanceCase } from '../case.ts';
import { codeOf, forge, statusOf } from './errors.ts';

export const inferenceEndpointsCase: ConformanceCase = {
  spec: inferenceEndpoints.spec,
  connect({ origin, credential }) {
    const client = new InferenceClient(credential.accessToken, ONCE);
    const endpointUrl = `${origin}/squall/sentiment`;
    return {
      async good() {
        const [first] = await client.textClassification({ endpointUrl, inputs: 'What a lovely day!' });
        if (first?.label !== 'positive') throw new Error(`a lovely day was said to be ${first?.label}`);
      },
      malformed: () => client.textClassification({ endpointUrl, inputs: 7 as never }),
      unknownResource: () => client.textClassification({ endpointUrl: `${origin}/squall/nothing`, inputs: 'What a lovely day!' }),
    };
  },
  forge,
  codeOf,
  statusOf,
};
