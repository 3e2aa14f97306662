import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SquallError } from '../../errors.ts';

/** RSA keys with fewer are refused: they are factored one day, and evidence is kept for years. */
const MIN_RSA_BITS = 2048;

interface Algorithm {
  /** As the bundle names it. */
  readonly name: string;
  readonly isOf: (key: KeyObject) => boolean;
  /** What is hashed with; Ed25519 hashes by itself. */
  readonly hash: 'sha256' | null;
}

/** How bundles are signed, by kind of key. ECDSA's signatures are DER, RSA's PKCS #1 v1.5, as cosign and openssl have them. */
const algorithms: readonly Algorithm[] = [
  { name: 'Ed25519', isOf: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519', hash: null },
  {
    name: 'ECDSA P-256 with SHA-256',
    isOf: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
      asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1',
    hash: 'sha256',
  },
  {
    name: 'RSA PKCS #1 v1.5 with SHA-256',
    isOf: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
      asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS,
    hash: 'sha256',
  },
];

export interface VerifyingKey {
  /** `sha256:` and the digest of the public key's DER (SubjectPublicKeyInfo). */
  readonly id: string;
  readonly algorithm: string;
  verify(data: Uint8Array, signature: Uint8Array): boolean;
}

export interface SigningKey extends VerifyingKey {
  sign(data: Uint8Array): Uint8Array;
}

const ACCEPTED = `Name a PEM file with a key of Ed25519, ECDSA on P-256, or RSA of ${MIN_RSA_BITS} bits or more.`;

/** Nothing of the file is told: it may be a private key. */
const badKey = (path: string, what: string): SquallError => new SquallError('BAD_FLAG', `--key: ${path} ${what}.`, ACCEPTED);

const readPem = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw badKey(path, `can't be read: ${(error as NodeJS.ErrnoException).code ?? 'it is no file'}`);
  }
};

const algorithmOf = (path: string, key: KeyObject): Algorithm => {
  const found = algorithms.find(({ isOf }) => isOf(key));
  if (!found) throw badKey(path, `has a key of another kind (${key.asymmetricKeyType ?? 'unknown'})`);
  return found;
};

const verifyingKey = (path: string, key: KeyObject): VerifyingKey => {
  const { name, hash } = algorithmOf(path, key);
  return {
    id: `sha256:${createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex')}`,
    algorithm: name,
    verify: (data, signature) => verify(hash, data, key, signature),
  };
};

/**
 * Reads a public key.
 * @throws {SquallError} `BAD_FLAG`; also for a private key, which has no place where a bundle is only verified
 */
export const readPublicKey = (path: string): VerifyingKey => {
  const pem = readPem(path);
  if (pem.includes('PRIVATE KEY-----')) throw badKey(path, 'has a private key; expected the public one');
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw badKey(path, 'has no public key');
  }
  return verifyingKey(path, key);
};

/**
 * Reads a private key.
 * @param passphrase of an encrypted one
 * @throws {SquallError} `BAD_FLAG`
 */
export const readPrivateKey = (path: string, passphrase?: string): SigningKey => {
  const pem = readPem(path);
  const isEncrypted = pem.includes('ENCRYPTED');
  if (isEncrypted && passphrase === undefined) {
    throw new SquallError('BAD_FLAG', `--key: ${path} is encrypted.`, 'Set SQUALL_KEY_PASSPHRASE to its passphrase.');
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw badKey(path, isEncrypted ? "can't be decrypted by SQUALL_KEY_PASSPHRASE" : 'has no private key');
  }
  const { hash } = algorithmOf(path, key);
  return { ...verifyingKey(path, createPublicKey(key)), sign: (data) => sign(hash, data, key) };
};
