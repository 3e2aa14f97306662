import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { kms } from '../../../mocks/aws/services/kms.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const Plaintext = new TextEncoder().encode('a data key');

export const kmsCase: ConformanceCase = {
  spec: kms.spec,
  connect(target) {
    const client = new KMSClient(clientOf(target));
    const encrypt = (KeyId: string) => client.send(new EncryptCommand({ KeyId, Plaintext }));
    return {
      async good() {
        const { CiphertextBlob } = await encrypt('alias/squall');
        if (!CiphertextBlob) throw new Error('nothing was encrypted');
      },
      malformed: () => client.send(new DecryptCommand({ CiphertextBlob: Plaintext })),
      unknownResource: () => encrypt('alias/nobody'),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
