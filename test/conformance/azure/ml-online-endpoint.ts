import { mlOnlineEndpoint } from '../../../mocks/azure/services/ml-online-endpoint.ts';
import { errorOf, scoreWith, signInForged } from '../../support/azure-cloud.ts';
import { rowLabelled } from '../../support/model.ts';
import type { ConformanceCase } from '../case.ts';

export const mlOnlineEndpointCase: ConformanceCase = {
  spec: mlOnlineEndpoint.spec,
  connect(target) {
    const score = scoreWith(target, target.region);
    return {
      async good() {
        const { bodyAsText } = await score({ rows: [rowLabelled(3)] });
        const predictions = JSON.parse(bodyAsText ?? '') as readonly { readonly probabilities: readonly number[] }[];
        if (predictions.length !== 1 || predictions[0]?.probabilities.length !== 10) throw new Error('one row got no prediction');
      },
      malformed: () => score({ rows: [[1, 2, 3]] }),
      unknownResource: () => score({ rows: [rowLabelled(3)], deployment: 'nobody' }),
    };
  },
  codeOf: (error) => errorOf(error).code,
  statusOf: (error) => errorOf(error).status,
  conditions: {
    // As for virtual machines.
    'forged-credential': (target) => scoreWith(target, target.region, signInForged(target))({ rows: [rowLabelled(3)] }),
  },
};
