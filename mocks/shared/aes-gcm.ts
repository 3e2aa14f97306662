/** Length of the random start value, bytes: 96 bits, as NIST SP 800-38D (November 2007), 5.2.1.1, advises. */
export const IV_BYTES = 12;
/** Length of the tag at the end of what is sealed, bytes. */
export const TAG_BYTES = 16;

const ALGORITHM = 'AES-GCM';

/** A view that Web Crypto takes: TypeScript tells buffers that threads share apart. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

/** A key of 32 bytes, ready for use; it can't be read out again. */
export const importAesKey = (bytes: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', own(bytes), ALGORITHM, false, ['encrypt', 'decrypt']);

/** Fresh random bytes. */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

/**
 * AES-GCM with a random start value, which stands before the ciphertext and its tag.
 * @param context is authenticated, and is not in what comes back
 */
export const seal = async (key: CryptoKey, plaintext: Uint8Array, context: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
  const iv = randomBytes(IV_BYTES);
  const parameters = { name: ALGORITHM, iv, additionalData: own(context) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, key, own(plaintext)));
  const whole = new Uint8Array(IV_BYTES + sealed.length);
  whole.set(iv);
  whole.set(sealed, IV_BYTES);
  return whole;
};

/** @returns null where key, context or any byte is another one than it was sealed with */
export const open = async (key: CryptoKey, sealed: Uint8Array, context: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> => {
  if (sealed.length < IV_BYTES + TAG_BYTES) return null;
  const parameters = { name: ALGORITHM, iv: own(sealed.subarray(0, IV_BYTES)), additionalData: own(context) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, own(sealed.subarray(IV_BYTES))));
  } catch {
    return null;
  }
};
