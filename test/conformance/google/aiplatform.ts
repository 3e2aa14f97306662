import { helpers, PredictionServiceClient, type protos } from '@google-cloud/aiplatform';
import { loadSamples } from '../../../harness/load/samples.ts';
import { ENDPOINT_ID } from '../../../mocks/google/account.ts';
import { aiplatform } from '../../../mocks/google/services/aiplatform.ts';
import { clientOptions, ONCE } from '../../support/google-cloud.ts';
import type { ConformanceCase } from '../case.ts';
import { check, codeOf, forge, statusOf } from './errors.ts';

type Value = protos.google.protobuf.IValue;

const sample = loadSamples('digits')[0];

export const aiplatformCase: ConformanceCase = {
  spec: aiplatform.spec,
  connect({ origin, region, credential }) {
    const client = new PredictionServiceClient(clientOptions(origin, credential));
    const predict = async (instances: readonly unknown[], endpoint = ENDPOINT_ID) => {
      const name = `projects/${credential.projectId}/locations/${region}/endpoints/${endpoint}`;
      const values = instances.map((instance) => helpers.toValue(instance as object) as Value);
      const [response] = await client.predict({ endpoint: name, instances: values }, ONCE);
      return (response.predictions ?? []).map((value) => (helpers.fromValue(value as never) as { label: number }).label);
    };
    return {
      async good() {
        const labels = await predict([sample?.pixels]);
        check(labels.length === 1 && Number.isInteger(labels[0]), labels);
      },
      malformed: () => predict([]),
      unknownResource: () => predict([sample?.pixels], '1'),
      close: () => client.close(),
    };
  },
  forge,
  codeOf,
  statusOf,
};
