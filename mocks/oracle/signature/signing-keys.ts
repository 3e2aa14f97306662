import { md5 } from '@noble/hashes/legacy.js';
import { exportPKCS8, generateKeyPair } from 'jose';
import { createCredentialStore } from '../../shared/credential-store.ts';

/** An API signing key of a user. */
export interface SigningKey {
  /** MD5 of the public key's DER, sixteen bytes in hexadecimal with colons between. */
  readonly fingerprint: string;
  /** PKCS #8, PEM. Secret. */
  readonly privateKey: string;
  readonly publicKey: CryptoKey;
}

/** A user's API signing keys: one at a time is good. */
export interface SigningKeys {
  readonly published: SigningKey;
  /** The key of that name, if it is good. */
  find(fingerprint: string): SigningKey | undefined;
  /** Deletes the good key at once; another is published after `replacementAfterMs`, or never for null. */
  revoke(replacementAfterMs: number | null): Promise<void>;
}

const fingerprintOf = (der: Uint8Array): string => Array.from(md5(der), (byte) => byte.toString(16).padStart(2, '0')).join(':');

/** RSA of 2048 bits, as `oci setup keys` makes it. */
const mint = async (): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return {
    fingerprint: fingerprintOf(new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))),
    privateKey: await exportPKCS8(privateKey),
    publicKey,
  };
};

export const createSigningKeys = async (): Promise<SigningKeys> => {
  const store = createCredentialStore(await mint(), mint);
  return {
    get published() {
      return store.published;
    },
    find: (fingerprint) => (store.active?.fingerprint === fingerprint ? store.active : undefined),
    revoke: (replacementAfterMs) => store.revoke(replacementAfterMs),
  };
};
