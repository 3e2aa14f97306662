import { base64url } from 'jose';
import { type CredentialStore, createCredentialStore } from '../../shared/credential-store.ts';
import { sha256Hex } from '../../shared/sha256.ts';

/** An API key of a service ID. */
export interface ApiKey {
  /** 44 characters of base64url. Secret. */
  readonly apikey: string;
}

/** `disabled` is a key that was good once: IAM tells it from one that never was. */
export type ApiKeyCheck = 'good' | 'disabled' | 'unknown';

/** The API keys of the workload's service ID: one at a time is good. */
export interface ApiKeys {
  readonly published: ApiKey;
  check(apikey: string): ApiKeyCheck;
  /** Disables the good key at once; another is published after `replacementAfterMs`, or never for null. */
  revoke(replacementAfterMs: number | null): Promise<void>;
}

const mint = (): ApiKey => ({ apikey: base64url.encode(crypto.getRandomValues(new Uint8Array(33))) });

export const createApiKeys = (): ApiKeys => {
  const store: CredentialStore<ApiKey> = createCredentialStore(mint(), async () => mint());
  const disabled = new Set<string>();
  return {
    get published() {
      return store.published;
    },
    // Digests are compared, so that a guess learns nothing from how long it took.
    check(apikey) {
      const digest = sha256Hex(apikey);
      if (store.active && sha256Hex(store.active.apikey) === digest) return 'good';
      return disabled.has(digest) ? 'disabled' : 'unknown';
    },
    async revoke(replacementAfterMs) {
      if (store.active) disabled.add(sha256Hex(store.active.apikey));
      await store.revoke(replacementAfterMs);
    },
  };
};
