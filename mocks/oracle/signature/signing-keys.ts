import { md5 } from '@noble/hashes/legacy.js';
import { exportPKCS8, generateKeyPair, importSPKI } from 'jose';
import { createCredentialStore } from '../../shared/credential-store.ts';

/** The public half of an API signing key. */
export interface PublicKey {
  /** MD5 of the public key's DER, sixteen bytes in hexadecimal with colons between. */
  readonly fingerprint: string;
  readonly publicKey: CryptoKey;
  readonly timeCreated: string;
}

/** An API signing key of a user. */
export interface SigningKey extends PublicKey {
  /** PKCS #8, PEM. Secret. */
  readonly privateKey: string;
}

/** A user's API signing keys: the one that is published, and those that were uploaded. */
export interface SigningKeys {
  readonly published: SigningKey;
  /** Those that are good, the published one first. */
  readonly all: readonly PublicKey[];
  /** The key of that name, if it is good. */
  find(fingerprint: string): PublicKey | undefined;
  /** Adds a key. @param pem SPKI @returns undefined for what is no RSA key of 2048 bits or more */
  upload(pem: string): Promise<PublicKey | undefined>;
  /** Deletes a key at once. @returns false where there is none of that name */
  remove(fingerprint: string): Promise<boolean>;
  /** Deletes the published key at once; another is published after `replacementAfterMs`, or never for null. */
  revoke(replacementAfterMs: number | null): Promise<void>;
}

const fingerprintOf = (der: Uint8Array): string => Array.from(md5(der), (byte) => byte.toString(16).padStart(2, '0')).join(':');

const describe = async (publicKey: CryptoKey): Promise<PublicKey> => ({
  fingerprint: fingerprintOf(new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))),
  publicKey,
  timeCreated: new Date().toISOString(),
});

/** RSA of 2048 bits, as `oci setup keys` makes it. */
const mint = async (): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { ...(await describe(publicKey)), privateKey: await exportPKCS8(privateKey) };
};

const MIN_MODULUS_BITS = 2048;

/** Undefined for what is no key, or one that Oracle does not take. */
const importKey = async (pem: string): Promise<CryptoKey | undefined> => {
  try {
    const key = await importSPKI(pem.trim(), 'RS256', { extractable: true });
    const { modulusLength } = key.algorithm as RsaHashedKeyAlgorithm;
    return modulusLength >= MIN_MODULUS_BITS ? key : undefined;
  } catch {
    return undefined;
  }
};

export const createSigningKeys = async (): Promise<SigningKeys> => {
  const store = createCredentialStore(await mint(), mint);
  const uploaded = new Map<string, PublicKey>();
  return {
    get published() {
      return store.published;
    },
    get all() {
      return [...(store.active ? [store.active] : []), ...uploaded.values()];
    },
    find: (fingerprint) => (store.active?.fingerprint === fingerprint ? store.active : uploaded.get(fingerprint)),
    async upload(pem) {
      const publicKey = await importKey(pem);
      if (!publicKey) return undefined;
      const key = await describe(publicKey);
      uploaded.set(key.fingerprint, key);
      return key;
    },
    async remove(fingerprint) {
      if (uploaded.delete(fingerprint)) return true;
      if (store.active?.fingerprint !== fingerprint) return false;
      await store.revoke(null);
      return true;
    },
    revoke: (replacementAfterMs) => store.revoke(replacementAfterMs),
  };
};
