import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { ec2 } from '../../../mocks/aws/services/ec2.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const IMAGE = 'ami-0abcdef1234567890';

export const ec2Case: ConformanceCase = {
  spec: ec2.spec,
  connect(target) {
    const client = new EC2Client(clientOf(target));
    const run = (input: {
      readonly InstanceType: 'g5.48xlarge' | 'm5.large';
      readonly ImageId?: string;
      readonly count?: number;
    }) =>
      client.send(new RunInstancesCommand({ ImageId: IMAGE, MinCount: input.count ?? 1, MaxCount: input.count ?? 1, ...input }));
    return {
      async good() {
        const { Reservations } = await client.send(new DescribeInstancesCommand({}));
        if (!Array.isArray(Reservations)) throw new Error('no reservations were described');
      },
      malformed: () => run({ InstanceType: 'm5.large', count: -1 }),
      unknownResource: () => client.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })),
      exceedQuota: () => run({ InstanceType: 'g5.48xlarge' }),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
