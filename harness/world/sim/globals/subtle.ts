import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  sign as cryptoSign,
  verify as cryptoVerify,
  hkdfSync,
  KeyObject,
  pbkdf2Sync,
  privateDecrypt,
  publicEncrypt,
  timingSafeEqual,
} from 'node:crypto';
import { padOaep } from './oaep.ts';
import { RSA_KEYS, rsaKey } from './rsa-keys.ts';

/** What this file has of SubtleCrypto: the methods that programs on servers call. */
export type SimSubtle = Pick<
  SubtleCrypto,
  'digest' | 'importKey' | 'exportKey' | 'sign' | 'verify' | 'generateKey' | 'encrypt' | 'decrypt' | 'deriveBits'
>;

export interface SubtleOptions {
  /** Seeded random bytes. */
  randomBytes(length: number): Uint8Array;
  /** Number of the next RSA key that is drawn, from 0. */
  nextKey(): number;
}

interface Algorithm {
  readonly name: string;
  readonly hash?: string | { readonly name: string };
  readonly [parameter: string]: unknown;
}

type Input = ArrayBuffer | ArrayBufferView;

const algorithmOf = (given: unknown): Algorithm => (typeof given === 'string' ? { name: given } : (given as Algorithm));

/** Node's name of a hash: `SHA-256` is `sha256`. */
const hashOf = (given: string | { readonly name: string } | undefined): string =>
  (typeof given === 'string' ? given : (given?.name ?? 'SHA-256')).replace('-', '').toLowerCase();

const hashOfKey = (key: CryptoKey): string => hashOf((key.algorithm as unknown as Algorithm).hash);

const bytesOf = (input: unknown): Buffer =>
  ArrayBuffer.isView(input) ? Buffer.from(input.buffer, input.byteOffset, input.byteLength) : Buffer.from(input as ArrayBuffer);

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

const unsupported = (what: string): never => {
  throw new DOMException(`squall's simulated world does not have ${what}`, 'NotSupportedError');
};

/** What `crypto.sign` and `crypto.verify` are told of an algorithm. */
const SIGNING: Readonly<Record<string, (algorithm: Algorithm) => object>> = {
  'RSASSA-PKCS1-v1_5': () => ({ padding: constants.RSA_PKCS1_PADDING }),
  'RSA-PSS': ({ saltLength }) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
  ECDSA: () => ({ dsaEncoding: 'ieee-p1363' }),
  Ed25519: () => ({}),
};

const signingKey = (algorithm: Algorithm, key: CryptoKey) => ({
  key: objectOf(key),
  ...(SIGNING[algorithm.name] ?? unsupported(`signatures by ${algorithm.name}`))(algorithm),
});

const digestName = (algorithm: Algorithm, key: CryptoKey): string | null =>
  algorithm.name === 'Ed25519' ? null : algorithm.name === 'ECDSA' ? hashOf(algorithm.hash) : hashOfKey(key);

const toKeyObject = (format: string, data: unknown): KeyObject => {
  if (format === 'raw') return createSecretKey(bytesOf(data));
  if (format === 'pkcs8') return createPrivateKey({ key: bytesOf(data), format: 'der', type: 'pkcs8' });
  if (format === 'spki') return createPublicKey({ key: bytesOf(data), format: 'der', type: 'spki' });
  const jwk = data as JsonWebKey;
  if (jwk.kty === 'oct') return createSecretKey(Buffer.from(jwk.k ?? '', 'base64url'));
  return jwk.d ? createPrivateKey({ key: jwk as never, format: 'jwk' }) : createPublicKey({ key: jwk as never, format: 'jwk' });
};

/** A key that must not be extracted can't be asked for what it is made of. */
const objects = new WeakMap<CryptoKey, KeyObject>();

const objectOf = (key: CryptoKey): KeyObject => objects.get(key) ?? KeyObject.from(key);

const cryptoKey = (object: KeyObject, algorithm: unknown, isExtractable: boolean, usages: readonly KeyUsage[]): CryptoKey =>
  // Node's declaration names each algorithm; what is given is one of the Web Crypto standard.
  remember((object.toCryptoKey as (...args: unknown[]) => CryptoKey)(algorithm, isExtractable, usages), object);

const remember = (key: CryptoKey, object: KeyObject): CryptoKey => {
  objects.set(key, object);
  return key;
};

const exported = (format: string, key: CryptoKey): ArrayBuffer | JsonWebKey => {
  if (!key.extractable) throw new DOMException('The key is not extractable.', 'InvalidAccessError');
  const object = objectOf(key);
  if (format === 'raw') return toArrayBuffer(object.export());
  if (format !== 'jwk') return toArrayBuffer(object.export({ format: 'der', type: format as 'pkcs8' }) as Buffer);
  return { ...(object.export({ format: 'jwk' }) as JsonWebKey), key_ops: [...key.usages], ext: true };
};

const GCM_TAG_BYTES = 16;

const cipherOf = (algorithm: Algorithm, key: CryptoKey) => {
  if (algorithm.name !== 'AES-GCM') return unsupported(`encryption by ${algorithm.name}`);
  const secret = objectOf(key).export() as Buffer;
  const { iv, additionalData } = algorithm;
  return {
    name: `aes-${secret.length * 8}-gcm` as 'aes-256-gcm',
    secret,
    iv: bytesOf(iv),
    aad: additionalData === undefined ? undefined : bytesOf(additionalData),
  };
};

/** Checks are repeated with each request that bears the same token: their outcomes are kept, of each key the newest. */
const MAX_KNOWN = 256;

/**
 * The parts of `crypto.subtle` over synchronous calls: same results, and promises that settle in the microtask queue, in a fixed order.
 * Native ones settle from a pool of threads.
 */
export const createSimSubtle = ({ randomBytes, nextKey }: SubtleOptions): SimSubtle => {
  const verified = new WeakMap<CryptoKey, Map<string, boolean>>();

  const generateRsa = (algorithm: Algorithm, isExtractable: boolean, usages: readonly KeyUsage[]) => {
    const privateKey = rsaKey(nextKey() % RSA_KEYS, algorithm.modulusLength as number);
    const imported = { name: algorithm.name, hash: algorithm.hash };
    const only = (...wanted: readonly KeyUsage[]) => usages.filter((usage) => wanted.includes(usage));
    return {
      privateKey: cryptoKey(privateKey, imported, isExtractable, only('sign', 'decrypt', 'unwrapKey')),
      publicKey: cryptoKey(createPublicKey(privateKey), imported, true, only('verify', 'encrypt', 'wrapKey')),
    };
  };

  const encryptOaep = ({ label }: Algorithm, key: CryptoKey, data: Buffer): ArrayBuffer => {
    const publicKey = objectOf(key);
    const lengthBytes = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    const padded = padOaep(
      data,
      lengthBytes,
      hashOfKey(key),
      label === undefined ? Buffer.alloc(0) : bytesOf(label),
      randomBytes,
    );
    if (!padded) throw new DOMException('The data is too long for the key.', 'OperationError');
    return toArrayBuffer(publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, padded));
  };

  const decryptOaep = ({ label }: Algorithm, key: CryptoKey, data: Buffer): ArrayBuffer => {
    try {
      const oaep = { key: objectOf(key), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hashOfKey(key) };
      return toArrayBuffer(privateDecrypt(label === undefined ? oaep : { ...oaep, oaepLabel: bytesOf(label) }, data));
    } catch {
      throw new DOMException('The operation failed for an operation-specific reason', 'OperationError');
    }
  };

  const methods = {
    async digest(algorithm: unknown, data: Input) {
      return toArrayBuffer(
        createHash(hashOf(algorithmOf(algorithm).name))
          .update(bytesOf(data))
          .digest(),
      );
    },
    async importKey(format: string, data: unknown, algorithm: unknown, isExtractable: boolean, usages: readonly KeyUsage[]) {
      return cryptoKey(toKeyObject(format, data), algorithm, isExtractable, usages);
    },
    async exportKey(format: string, key: CryptoKey) {
      return exported(format, key);
    },
    async sign(given: unknown, key: CryptoKey, data: Input) {
      const algorithm = algorithmOf(given);
      const signature =
        algorithm.name === 'HMAC'
          ? createHmac(hashOfKey(key), objectOf(key)).update(bytesOf(data)).digest()
          : cryptoSign(digestName(algorithm, key), bytesOf(data), signingKey(algorithm, key));
      return toArrayBuffer(signature);
    },
    async verify(given: unknown, key: CryptoKey, signature: Input, data: Input) {
      const algorithm = algorithmOf(given);
      if (algorithm.name === 'HMAC') {
        const right = createHmac(hashOfKey(key), objectOf(key)).update(bytesOf(data)).digest();
        const shown = bytesOf(signature);
        return right.length === shown.length && timingSafeEqual(right, shown);
      }
      const known = verified.get(key) ?? new Map<string, boolean>();
      verified.set(key, known);
      const question = `${JSON.stringify(given)} ${bytesOf(signature).toString('latin1')} ${bytesOf(data).toString('latin1')}`;
      const answer =
        known.get(question) ??
        cryptoVerify(digestName(algorithm, key), bytesOf(data), signingKey(algorithm, key), bytesOf(signature));
      known.set(question, answer);
      if (known.size > MAX_KNOWN) known.delete(known.keys().next().value as string);
      return answer;
    },
    async generateKey(given: unknown, isExtractable: boolean, usages: readonly KeyUsage[]) {
      const algorithm = algorithmOf(given);
      if (algorithm.name.startsWith('RSA')) return generateRsa(algorithm, isExtractable, usages);
      if (algorithm.name !== 'HMAC' && !algorithm.name.startsWith('AES')) return unsupported(`new keys of ${algorithm.name}`);
      const bits = typeof algorithm.length === 'number' ? algorithm.length : 512;
      return cryptoKey(createSecretKey(randomBytes(bits / 8)), algorithm, isExtractable, usages);
    },
    async encrypt(given: unknown, key: CryptoKey, data: Input) {
      if (algorithmOf(given).name === 'RSA-OAEP') return encryptOaep(algorithmOf(given), key, bytesOf(data));
      const { name, secret, iv, aad } = cipherOf(algorithmOf(given), key);
      const cipher = createCipheriv(name, secret, iv);
      if (aad) cipher.setAAD(aad);
      return toArrayBuffer(Buffer.concat([cipher.update(bytesOf(data)), cipher.final(), cipher.getAuthTag()]));
    },
    async decrypt(given: unknown, key: CryptoKey, data: Input) {
      if (algorithmOf(given).name === 'RSA-OAEP') return decryptOaep(algorithmOf(given), key, bytesOf(data));
      const { name, secret, iv, aad } = cipherOf(algorithmOf(given), key);
      const bytes = bytesOf(data);
      const decipher = createDecipheriv(name, secret, iv);
      if (aad) decipher.setAAD(aad);
      try {
        decipher.setAuthTag(bytes.subarray(bytes.length - GCM_TAG_BYTES));
        return toArrayBuffer(Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - GCM_TAG_BYTES)), decipher.final()]));
      } catch {
        throw new DOMException('The operation failed for an operation-specific reason', 'OperationError');
      }
    },
    async deriveBits(given: unknown, key: CryptoKey, length: number) {
      const algorithm = algorithmOf(given);
      const secret = objectOf(key).export() as Buffer;
      const { salt, iterations, info } = algorithm;
      if (algorithm.name === 'HKDF') {
        return hkdfSync(hashOf(algorithm.hash), secret, bytesOf(salt), bytesOf(info), length / 8);
      }
      if (algorithm.name !== 'PBKDF2') return unsupported(`derivation by ${algorithm.name}`);
      return toArrayBuffer(pbkdf2Sync(secret, bytesOf(salt), iterations as number, length / 8, hashOf(algorithm.hash)));
    },
  };
  return methods as unknown as SimSubtle;
};
