import { keyVault } from '../../../mocks/azure/services/key-vault.ts';
import { errorOf, keyCryptography, keysClient, signIn, signInForged } from '../../support/azure-cloud.ts';
import type { ConformanceCase } from '../case.ts';

const value = new TextEncoder().encode('a data key of 32 bytes, or so it');

export const keyVaultCase: ConformanceCase = {
  spec: keyVault.spec,
  connect(target) {
    const wrap = keyCryptography(target, target.region, 'squall');
    const keys = keysClient(target, target.region);
    return {
      async good() {
        const { result } = await wrap.wrapKey('RSA-OAEP-256', value);
        if (result.length !== 256) throw new Error('nothing was wrapped');
      },
      malformed: () => wrap.wrapKey('A256KW', value),
      unknownResource: () => keys.getKey('nobody'),
    };
  },
  codeOf: (error) => errorOf(error).code,
  statusOf: (error) => errorOf(error).status,
  conditions: {
    'forged-credential': async (target) =>
      keyCryptography(target, target.region, 'squall', signInForged(target)).wrapKey('RSA-OAEP-256', value),
    // The key's address is looked up by the SDK before the first use: a permission for one of the two is not enough.
    'expired-credential': async (target) => {
      const credential = signIn(target);
      const kept = await credential.getToken('https://vault.azure.net/.default');
      await target.account.control({ type: 'expire-tokens' });
      await keysClient(target, target.region, { getToken: async () => kept }).getKey('squall');
    },
  },
};
