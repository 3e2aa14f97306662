import { type CredentialStore, createCredentialStore } from '../shared/credential-store.ts';
import { type AzureCredential, rotateCredential } from './credential.ts';
import { isSameSecret } from './same-secret.ts';

/** An application as its tenant knows it, and the endpoint key that goes with it. */
export interface AppRegistration<Credential extends AzureCredential = AzureCredential> {
  readonly tenantId: string;
  readonly clientId: string;
  /** Id of the application's service principal: the `oid` of its tokens. */
  readonly objectId: string;
  readonly credentials: CredentialStore<Credential>;
  /** `expired` is a secret that was good once: Entra tells it from one that never was. */
  checkSecret(secret: string): 'good' | 'expired' | 'wrong';
  isEndpointKey(key: string): boolean;
  /** Remembers the active secret as one that was good; called before it is revoked. */
  retireSecret(): void;
}

/** @param rotate makes the credential that replaces a revoked one */
export const createAppRegistration = <Credential extends AzureCredential>(
  initial: Credential,
  rotate: (credential: Credential) => Promise<Credential> = rotateCredential,
): AppRegistration<Credential> => {
  const credentials = createCredentialStore(initial, () => rotate(initial));
  const retiredSecrets = new Set<string>();
  const isActive = (given: string, known: string | undefined) => known !== undefined && isSameSecret(given, known);

  return {
    tenantId: initial.tenantId,
    clientId: initial.clientId,
    objectId: crypto.randomUUID(),
    credentials,
    checkSecret(secret) {
      if (isActive(secret, credentials.active?.clientSecret)) return 'good';
      return retiredSecrets.has(secret) ? 'expired' : 'wrong';
    },
    isEndpointKey: (key) => isActive(key, credentials.active?.endpointKey),
    retireSecret() {
      if (credentials.active) retiredSecrets.add(credentials.active.clientSecret);
    },
  };
};
