import { type CredentialStore, createCredentialStore } from '../shared/credential-store.ts';
import { type AzureCredential, rotateCredential } from './credential.ts';

/** An application as its tenant knows it, and the endpoint key that goes with it. */
export interface AppRegistration {
  readonly tenantId: string;
  readonly clientId: string;
  /** Id of the application's service principal: the `oid` of its tokens. */
  readonly objectId: string;
  readonly credentials: CredentialStore<AzureCredential>;
  /** `expired` is a secret that was good once: Entra tells it from one that never was. */
  checkSecret(secret: string): 'good' | 'expired' | 'wrong';
  isEndpointKey(key: string): boolean;
  /** Remembers the active secret as one that was good; called before it is revoked. */
  retireSecret(): void;
}

export const createAppRegistration = (initial: AzureCredential): AppRegistration => {
  const credentials = createCredentialStore(initial, () => rotateCredential(initial));
  const retiredSecrets = new Set<string>();

  return {
    tenantId: initial.tenantId,
    clientId: initial.clientId,
    objectId: crypto.randomUUID(),
    credentials,
    checkSecret(secret) {
      if (secret === credentials.active?.clientSecret) return 'good';
      return retiredSecrets.has(secret) ? 'expired' : 'wrong';
    },
    isEndpointKey: (key) => key === credentials.active?.endpointKey,
    retireSecret() {
      if (credentials.active) retiredSecrets.add(credentials.active.clientSecret);
    },
  };
};
