import { toBase64Url } from '../../shared/base64-bytes.ts';

/** What a key may be used for, as JSON Web Key has it. */
export const KEY_OPS = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'] as const;
export type KeyOp = (typeof KEY_OPS)[number];

/** Sizes that a vault makes RSA keys in. Source: @azure/keyvault-keys 4.10, `keySize`. */
export const KEY_SIZES: readonly unknown[] = [2048, 3072, 4096];

/** Algorithms of a vault's RSA keys that Web Crypto has, and the hash of each. */
export const ALGORITHMS: Readonly<Record<string, string>> = { 'RSA-OAEP-256': 'SHA-256', 'RSA-OAEP': 'SHA-1' };

/** Attributes that a caller sets; times are epoch seconds. */
export interface KeyAttributes {
  enabled: boolean;
  nbf: number | undefined;
  exp: number | undefined;
}

/** One version of a key. The private key never leaves the vault. */
export interface VersionOfKey {
  /** 32 hexadecimal digits. */
  readonly version: string;
  readonly attributes: KeyAttributes;
  readonly createdAtMs: number;
  updatedAtMs: number;
  keyOps: readonly string[];
  tags: Readonly<Record<string, string>> | undefined;
  readonly pair: Promise<JsonWebKey>;
}

export interface VaultKey {
  readonly name: string;
  readonly sizeBits: number;
  /** The last one is current. */
  readonly versions: VersionOfKey[];
  /** Epoch milliseconds; null unless it is deleted. */
  deletedAtMs: number | null;
}

const newPair = async (sizeBits: number): Promise<JsonWebKey> => {
  const algorithm = { name: 'RSA-OAEP', modulusLength: sizeBits, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
  const { kty, n, e, d, p, q, dp, dq, qi } = await crypto.subtle.exportKey('jwk', privateKey);
  return { kty, n, e, d, p, q, dp, dq, qi } as JsonWebKey;
};

/** What a caller says of a new version. */
export interface VersionSettings {
  readonly attributes?: Partial<KeyAttributes>;
  readonly keyOps?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

export const addVersion = (key: VaultKey, { attributes = {}, keyOps = KEY_OPS, tags }: VersionSettings = {}): VersionOfKey => {
  const nowMs = Date.now();
  const version: VersionOfKey = {
    version: crypto.randomUUID().replaceAll('-', ''),
    attributes: { enabled: attributes.enabled ?? true, nbf: attributes.nbf, exp: attributes.exp },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    keyOps,
    tags,
    pair: newPair(key.sizeBits),
  };
  key.versions.push(version);
  return version;
};

const use = async ({ pair }: VersionOfKey, hash: string, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> => {
  const jwk = await pair;
  const shown = usage === 'encrypt' ? ({ kty: jwk.kty, n: jwk.n, e: jwk.e } as JsonWebKey) : jwk;
  return crypto.subtle.importKey('jwk', shown, { name: 'RSA-OAEP', hash }, false, [usage]);
};

/** @param hash of the algorithm, e.g. `SHA-256` @returns null where the value is too long for the key */
export const encryptBy = async (version: VersionOfKey, hash: string, value: Uint8Array<ArrayBuffer>): Promise<string | null> => {
  try {
    return toBase64Url(
      new Uint8Array(await crypto.subtle.encrypt({ name: 'RSA-OAEP' }, await use(version, hash, 'encrypt'), value)),
    );
  } catch {
    return null;
  }
};

/** @returns null for what this version did not encrypt by this algorithm */
export const decryptBy = async (version: VersionOfKey, hash: string, value: Uint8Array<ArrayBuffer>): Promise<string | null> => {
  try {
    return toBase64Url(
      new Uint8Array(await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, await use(version, hash, 'decrypt'), value)),
    );
  } catch {
    return null;
  }
};

const seconds = (atMs: number): number => Math.floor(atMs / 1000);

/** Days that a deleted key can be recovered. The service's default. */
const RECOVERABLE_DAYS = 90;
const DAY_MS = 24 * 3_600_000;

export const describeAttributes = ({ attributes, createdAtMs, updatedAtMs }: VersionOfKey) => ({
  enabled: attributes.enabled,
  ...(attributes.nbf === undefined ? {} : { nbf: attributes.nbf }),
  ...(attributes.exp === undefined ? {} : { exp: attributes.exp }),
  created: seconds(createdAtMs),
  updated: seconds(updatedAtMs),
  recoveryLevel: 'Recoverable+Purgeable',
  recoverableDays: RECOVERABLE_DAYS,
});

/** `KeyBundle`. @param origin of the vault, which ids begin with */
export const describeVersion = async ({ name }: VaultKey, version: VersionOfKey, origin: string) => {
  const { n, e } = await version.pair;
  return {
    key: { kid: `${origin}/keys/${name}/${version.version}`, kty: 'RSA', key_ops: version.keyOps, n, e },
    attributes: describeAttributes(version),
    ...(version.tags ? { tags: version.tags } : {}),
  };
};

/** What a deleted key has beside its bundle. */
export const describeDeletion = ({ name, deletedAtMs }: VaultKey, origin: string) => ({
  recoveryId: `${origin}/deletedkeys/${name}`,
  deletedDate: seconds(deletedAtMs ?? 0),
  scheduledPurgeDate: seconds((deletedAtMs ?? 0) + RECOVERABLE_DAYS * DAY_MS),
});
