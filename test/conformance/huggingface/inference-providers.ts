import { InferenceClient } from '@huggingface/inference';
import { inferenceProviders } from '../../../mocks/huggingface/services/inference-providers.ts';
import { ONCE } from '../../support/huggingface.ts';
import type { ConformanceCase } from '../case.ts';
import { codeOf, forge, statusOf } from './errors.ts';

export const inferenceProvidersCase: ConformanceCase = {
  spec: inferenceProviders.spec,
  connect({ origin, credential }) {
    const client = new InferenceClient(credential.accessToken, ONCE);
    const at = (model: string) => `${origin}/hf-inference/models/${model}`;
    return {
      async good() {
        const [first] = await client.textClassification({ endpointUrl: at('squall/sentiment'), inputs: 'What a lovely day!' });
        if (first?.label !== 'positive') throw new Error(`a lovely day was said to be ${first?.label}`);
      },
      malformed: () => client.textClassification({ endpointUrl: at('squall/sentiment'), inputs: 7 as never }),
      unknownResource: () => client.textClassification({ endpointUrl: at('squall/nothing'), inputs: 'What a lovely day!' }),
    };
  },
  forge,
  codeOf,
  statusOf,
};
