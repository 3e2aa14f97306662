import { Sha256 } from '@aws-crypto/sha256-js';

/**
 * SHA-256 and HMAC-SHA-256, synchronous and without Node modules. Where squall itself runs the emulators, OpenSSL's stand in the place of this
 * module (harness/world/fetch/replacements.ts), at a twentieth of the time.
 */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const toHex = (bytes: Uint8Array): string => {
  let digits = '';
  for (let index = 0; index < bytes.length; index += 1) digits += HEX[bytes[index]!];
  return digits;
};

const digestOf = (data: string | Uint8Array, key?: Uint8Array): Uint8Array => {
  const hash = new Sha256(key);
  hash.update(data);
  return hash.digestSync();
};

/** Of bytes, or of a text's UTF-8. @returns 64 hexadecimal digits in lower case */
export const sha256Hex = (data: string | Uint8Array): string => toHex(digestOf(data));

/** A key of HMAC-SHA-256. */
export interface HmacKey {
  /** Of a text's UTF-8. @returns 32 bytes */
  sign(text: string): Uint8Array;
  /** Of a text's UTF-8. @returns 64 hexadecimal digits in lower case */
  signHex(text: string): string;
}

/** @param secret bytes, or a text whose UTF-8 it is */
export const createHmacKey = (secret: string | Uint8Array): HmacKey => {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  return {
    sign: (text) => digestOf(text, bytes),
    signHex: (text) => toHex(digestOf(text, bytes)),
  };
};
