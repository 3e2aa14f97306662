import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { sts } from '../../../mocks/aws/services/sts.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const ROLE = 'arn:aws:iam::111122223333:role/squall-workload';

export const stsCase: ConformanceCase = {
  spec: sts.spec,
  connect(target) {
    const client = new STSClient(clientOf(target));
    const assume = (RoleArn: string, RoleSessionName: string) => client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
    return {
      async good() {
        const { Credentials } = await assume(ROLE, 'conformance');
        if (!Credentials?.AccessKeyId?.startsWith('ASIA')) throw new Error('that is no session');
      },
      malformed: () => assume(ROLE, 'a name with spaces'),
      unknownResource: () => assume(`${ROLE}-of-nobody`, 'conformance'),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
