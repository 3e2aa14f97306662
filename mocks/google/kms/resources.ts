import { importAesKey, randomBytes } from '../../shared/aes-gcm.ts';

/** States of a version that occur here, as `CryptoKeyVersionState` of `resources.proto` (@google-cloud/kms 6.3) has them. */
export const VERSION_STATES = { ENABLED: 1, DISABLED: 2, DESTROYED: 3, DESTROY_SCHEDULED: 4 } as const;
export type VersionState = keyof typeof VERSION_STATES;

/** One version of a key, with its material until it is destroyed. */
export interface CryptoKeyVersion {
  readonly name: string;
  readonly number: number;
  readonly createdAtMs: number;
  state: VersionState;
  /** Epoch milliseconds; null unless it is to be destroyed. */
  destroysAtMs: number | null;
  material: Promise<CryptoKey> | null;
}

/** A key: the primary version encrypts, each version that is enabled decrypts what it encrypted. */
export interface KmsKey {
  readonly name: string;
  readonly createdAtMs: number;
  labels: Readonly<Record<string, string>>;
  /** `<seconds>s`; null where it is rotated by hand. */
  rotationPeriod: string | null;
  nextRotationTime: string | null;
  primary: number;
  readonly versions: CryptoKeyVersion[];
}

export interface KeyRing {
  readonly name: string;
  readonly createdAtMs: number;
  readonly keys: Map<string, KmsKey>;
}

/** Default of `destroy_scheduled_duration`: 30 days (`resources.proto` of @google-cloud/kms 6.3). */
const DESTROY_AFTER_S = 30 * 24 * 3600;

/** @param bytes of the material: 256 bits, as of `GOOGLE_SYMMETRIC_ENCRYPTION` */
const MATERIAL_BYTES = 32;

export const addVersion = (key: KmsKey): CryptoKeyVersion => {
  const number = key.versions.length + 1;
  const version: CryptoKeyVersion = {
    name: `${key.name}/cryptoKeyVersions/${number}`,
    number,
    createdAtMs: Date.now(),
    state: 'ENABLED',
    destroysAtMs: null,
    material: importAesKey(randomBytes(MATERIAL_BYTES)),
  };
  key.versions.push(version);
  return version;
};

/** @param hasVersion false for a key that waits for its first version */
export const createCryptoKey = (name: string, hasVersion = true): KmsKey => {
  const key: KmsKey = {
    name,
    createdAtMs: Date.now(),
    labels: {},
    rotationPeriod: null,
    nextRotationTime: null,
    primary: 1,
    versions: [],
  };
  if (hasVersion) addVersion(key);
  return key;
};

export const scheduleDestruction = (version: CryptoKeyVersion): void => {
  version.state = 'DESTROY_SCHEDULED';
  version.destroysAtMs = Date.now() + DESTROY_AFTER_S * 1000;
};

/** Destroys what is due: its material is gone for good. */
export const settleDestruction = (key: KmsKey): void => {
  for (const version of key.versions) {
    if (version.state !== 'DESTROY_SCHEDULED' || (version.destroysAtMs ?? 0) > Date.now()) continue;
    version.state = 'DESTROYED';
    version.material = null;
  }
};

const timestamp = (atMs: number): string => new Date(atMs).toISOString();

const TEMPLATE = { protectionLevel: 'SOFTWARE', algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION' } as const;

export const describeVersion = ({ name, state, createdAtMs, destroysAtMs }: CryptoKeyVersion) => ({
  name,
  state,
  ...TEMPLATE,
  createTime: timestamp(createdAtMs),
  generateTime: timestamp(createdAtMs),
  ...(state === 'DESTROY_SCHEDULED' && destroysAtMs !== null ? { destroyTime: timestamp(destroysAtMs) } : {}),
  ...(state === 'DESTROYED' && destroysAtMs !== null ? { destroyEventTime: timestamp(destroysAtMs) } : {}),
});

export const describeKey = (key: KmsKey) => {
  const primary = key.versions[key.primary - 1];
  return {
    name: key.name,
    ...(primary ? { primary: describeVersion(primary) } : {}),
    purpose: 'ENCRYPT_DECRYPT',
    createTime: timestamp(key.createdAtMs),
    versionTemplate: TEMPLATE,
    destroyScheduledDuration: `${DESTROY_AFTER_S}s`,
    ...(Object.keys(key.labels).length === 0 ? {} : { labels: key.labels }),
    ...(key.rotationPeriod === null ? {} : { rotationPeriod: key.rotationPeriod }),
    ...(key.nextRotationTime === null ? {} : { nextRotationTime: key.nextRotationTime }),
  };
};

export const describeRing = ({ name, createdAtMs }: KeyRing) => ({ name, createTime: timestamp(createdAtMs) });
