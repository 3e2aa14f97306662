import { generateKeyPairSync } from 'node:crypto';
import { identity, MAX_API_KEYS } from '../../../mocks/oracle/services/identity.ts';
import { identityClient, type OracleError } from '../../support/oracle.ts';
import type { ConformanceCase, Target } from '../case.ts';
import { forgeSigningKey, LATE_MS } from './forge.ts';

const publicKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

const listDomains = async ({ origin, credential }: Target, clockOffsetMs = 0) => {
  const { items } = await identityClient(origin, credential, clockOffsetMs).listAvailabilityDomains({
    compartmentId: credential.tenancy ?? '',
  });
  if (items.length !== 3) throw new Error('a region has three availability domains');
};

export const identityCase: ConformanceCase = {
  spec: identity.spec,
  connect(target) {
    const client = identityClient(target.origin, target.credential);
    const userId = target.credential.user ?? '';
    return {
      good: () => listDomains(target),
      malformed: () => client.uploadApiKey({ userId, createApiKeyDetails: { key: 'no key' } }),
      unknownResource: () => client.getUser({ userId: 'ocid1.user.oc1..aaaa' }),
      async exceedQuota() {
        for (let count = 0; count < MAX_API_KEYS; count += 1) {
          await client.uploadApiKey({ userId, createApiKeyDetails: { key: publicKey() } });
        }
      },
    };
  },
  forge: forgeSigningKey,
  codeOf: (error) => (error as OracleError).serviceCode,
  statusOf: (error) => (error as OracleError).statusCode,
  conditions: {
    // There are no tokens; what expires is the date of a signature.
    'expired-credential': (target) => listDomains(target, LATE_MS),
  },
};
