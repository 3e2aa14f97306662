import { IamTokenManager } from 'ibm-cloud-sdk-core';
import { iam } from '../../../mocks/ibm/services/iam.ts';
import { codeOf, type IbmError } from '../../support/ibm.ts';
import type { ConformanceCase } from '../case.ts';
import { forgeApiKey } from './forge.ts';

export const iamCase: ConformanceCase = {
  spec: iam.spec,
  connect({ origin, credential }) {
    const getToken = (apikey: string) => new IamTokenManager({ apikey, url: origin }).getToken();
    return {
      async good() {
        const token = await getToken(credential.apikey ?? '');
        if (token.split('.').length !== 3) throw new Error('IAM gave no JWT');
      },
      // The SDK always sends the form whole; without a grant type it is malformed.
      async malformed() {
        const manager = new IamTokenManager({ apikey: credential.apikey ?? '', url: origin });
        Object.assign(manager, { formData: { apikey: credential.apikey } });
        await manager.getToken();
      },
    };
  },
  forge: forgeApiKey,
  codeOf,
  statusOf: (error) => (error as IbmError).status,
};
