import { KeyManagementServiceClient } from '@google-cloud/kms';
import { kms } from '../../../mocks/google/services/kms.ts';
import { clientOptions, ONCE } from '../../support/google-cloud.ts';
import type { ConformanceCase } from '../case.ts';
import { check, codeOf, forge, statusOf } from './errors.ts';

export const kmsCase: ConformanceCase = {
  spec: kms.spec,
  connect({ origin, credential, region }) {
    const client = new KeyManagementServiceClient(clientOptions(origin, credential));
    const ring = client.keyRingPath(String(credential.projectId), region, 'squall');
    const encrypt = async (key: string, plaintextCrc32c?: { readonly value: number }) => {
      const request = {
        name: `${ring}/cryptoKeys/${key}`,
        plaintext: Buffer.from('a data key'),
        ...(plaintextCrc32c ? { plaintextCrc32c } : {}),
      };
      const [answer] = await client.encrypt(request, ONCE);
      return answer;
    };
    return {
      async good() {
        const { ciphertext } = await encrypt('squall');
        check(ciphertext !== undefined && ciphertext !== null && ciphertext.length > 10, ciphertext);
      },
      malformed: () => encrypt('squall', { value: 1 }),
      unknownResource: () => encrypt('nobody'),
      close: () => client.close(),
    };
  },
  forge,
  codeOf,
  statusOf,
};
