import { machineLearning } from '../../../mocks/azure/services/machine-learning.ts';
import { errorOf, machineLearningClient, signInForged } from '../../support/azure-cloud.ts';
import type { ConformanceCase } from '../case.ts';

const GROUP = 'squall';
const ENDPOINT = 'squall';

export const machineLearningCase: ConformanceCase = {
  spec: machineLearning.spec,
  connect(target) {
    const { region } = target;
    const { onlineEndpoints, onlineDeployments } = machineLearningClient(target, region);
    const workspace = `squall-${region}`;
    const properties = { authMode: 'Key', traffic: { blue: 100 } };
    return {
      async good() {
        const endpoint = await onlineEndpoints.get(GROUP, workspace, ENDPOINT);
        if (endpoint.properties.traffic?.blue !== 100) throw new Error('the traffic is not with the first deployment');
      },
      malformed: () =>
        onlineDeployments.beginCreateOrUpdate(GROUP, workspace, ENDPOINT, 'green', {
          location: region,
          properties: { endpointComputeType: 'Managed', model: 'azureml:digits:1', instanceType: 'Standard_Z9' },
        }),
      unknownResource: () => onlineDeployments.get(GROUP, workspace, ENDPOINT, 'nobody'),
      exceedQuota: () => onlineEndpoints.beginCreateOrUpdate(GROUP, workspace, 'second', { location: region, properties }),
    };
  },
  codeOf: (error) => errorOf(error).code,
  statusOf: (error) => errorOf(error).status,
  conditions: {
    // As for virtual machines.
    'forged-credential': (target) =>
      machineLearningClient(target, target.region, signInForged(target)).onlineEndpoints.get(
        GROUP,
        `squall-${target.region}`,
        ENDPOINT,
      ),
  },
};
