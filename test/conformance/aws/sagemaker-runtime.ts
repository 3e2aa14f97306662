import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { loadSamples } from '../../../harness/load/samples.ts';
import { sageMakerRuntime } from '../../../mocks/aws/services/sagemaker-runtime.ts';
import type { Prediction } from '../../../mocks/models/runtime.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const [sample] = loadSamples('digits');

export const sageMakerRuntimeCase: ConformanceCase = {
  spec: sageMakerRuntime.spec,
  connect(target) {
    const client = new SageMakerRuntimeClient(clientOf(target));
    const invoke = (Body: string, EndpointName = 'digits') =>
      client.send(new InvokeEndpointCommand({ EndpointName, ContentType: 'application/json', Body }));
    const body = JSON.stringify({ instances: [sample?.pixels] });
    return {
      async good() {
        const { Body } = await invoke(body);
        const { predictions } = JSON.parse(Body.transformToString()) as { readonly predictions: readonly Prediction[] };
        if (predictions[0]?.probabilities.length !== 10) throw new Error('that is no prediction of a digit');
      },
      malformed: () => invoke('{'),
      unknownResource: () => invoke(body, 'letters'),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
