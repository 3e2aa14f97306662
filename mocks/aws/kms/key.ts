import { importAesKey, randomBytes } from '../../shared/aes-gcm.ts';
import { ACCOUNT_ID } from '../identity.ts';

/** As the SDK's enum `KeyState` has them, of those that occur here. */
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** A symmetric key: its materials never leave it. */
export interface KmsKey {
  readonly keyId: string;
  readonly arn: string;
  readonly createdAtMs: number;
  description: string;
  state: KeyState;
  /** Epoch milliseconds; null unless deletion is scheduled. */
  deletesAtMs: number | null;
  /** Null while automatic rotation is off. */
  rotationPeriodInDays: number | null;
  /** When each material but the first came, epoch milliseconds. */
  readonly rotatedAtMs: number[];
  /** The newest encrypts; each decrypts what it encrypted. */
  readonly materials: Promise<CryptoKey>[];
}

/** Length of a key's material, bytes: 256 bits, as of `SYMMETRIC_DEFAULT`. */
const MATERIAL_BYTES = 32;

const freshMaterial = (): Promise<CryptoKey> => importAesKey(randomBytes(MATERIAL_BYTES));

export const keyArn = (region: string, keyId: string): string => `arn:aws:kms:${region}:${ACCOUNT_ID}:key/${keyId}`;
export const aliasArn = (region: string, name: string): string => `arn:aws:kms:${region}:${ACCOUNT_ID}:${name}`;

export const createKey = (region: string, description: string): KmsKey => {
  const keyId = crypto.randomUUID();
  return {
    keyId,
    arn: keyArn(region, keyId),
    createdAtMs: Date.now(),
    description,
    state: 'Enabled',
    deletesAtMs: null,
    rotationPeriodInDays: null,
    rotatedAtMs: [],
    materials: [freshMaterial()],
  };
};

/** New material encrypts from now on; the old ones go on decrypting. */
export const rotateMaterial = (key: KmsKey): void => {
  key.materials.push(freshMaterial());
  key.rotatedAtMs.push(Date.now());
};

/** `KeyMetadata` as the service model has it. */
export const describeKey = (key: KmsKey) => ({
  AWSAccountId: ACCOUNT_ID,
  KeyId: key.keyId,
  Arn: key.arn,
  CreationDate: new Date(key.createdAtMs),
  Enabled: key.state === 'Enabled',
  Description: key.description,
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: key.state,
  ...(key.deletesAtMs === null ? {} : { DeletionDate: new Date(key.deletesAtMs) }),
  Origin: 'AWS_KMS',
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
});
