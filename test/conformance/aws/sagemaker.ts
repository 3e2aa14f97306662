import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  ListEndpointConfigsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { sageMaker } from '../../../mocks/aws/services/sagemaker.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const LARGE = 'conformance-large';

export const sageMakerCase: ConformanceCase = {
  spec: sageMaker.spec,
  connect(target) {
    const client = new SageMakerClient(clientOf(target));
    return {
      async good() {
        const { EndpointStatus } = await client.send(new DescribeEndpointCommand({ EndpointName: 'digits' }));
        if (EndpointStatus !== 'InService') throw new Error(`the standing endpoint is ${EndpointStatus}`);
      },
      malformed: () => client.send(new CreateModelCommand({ ModelName: 'a_b', PrimaryContainer: { Image: 'image' } })),
      unknownResource: () => client.send(new DescribeEndpointCommand({ EndpointName: 'letters' })),
      async exceedQuota() {
        const { EndpointConfigs = [] } = await client.send(new ListEndpointConfigsCommand({ NameContains: LARGE }));
        if (EndpointConfigs.length === 0) {
          const variant = {
            VariantName: 'all',
            ModelName: 'digits',
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 21,
          } as const;
          await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: LARGE, ProductionVariants: [variant] }));
        }
        return client.send(new CreateEndpointCommand({ EndpointName: LARGE, EndpointConfigName: LARGE }));
      },
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
