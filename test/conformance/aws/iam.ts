import {
  CreateAccessKeyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { iam } from '../../../mocks/aws/services/iam.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const USER = 'squall-workload';

export const iamCase: ConformanceCase = {
  spec: iam.spec,
  connect(target) {
    const client = new IAMClient(clientOf(target));
    return {
      async good() {
        const { AccessKeyMetadata } = await client.send(new ListAccessKeysCommand({ UserName: USER }));
        if (!Array.isArray(AccessKeyMetadata)) throw new Error('no keys were listed');
      },
      malformed: () => client.send(new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId: 'too short', Status: 'Inactive' })),
      unknownResource: () => client.send(new GetUserCommand({ UserName: 'nobody' })),
      async exceedQuota() {
        for (let key = 0; key < 3; key += 1) await client.send(new CreateAccessKeyCommand({ UserName: USER }));
      },
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
