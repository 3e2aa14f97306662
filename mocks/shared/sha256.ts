import { Sha256 } from '@aws-crypto/sha256-js';

/**
 * SHA-256 and HMAC-SHA-256, synchronous and without Node modules. In a simulating thread OpenSSL's stand in the place of this
 * module (harness/world/sim/globals/replacements.ts), at a twentieth of the time.
 */

const digestOf = (data: string | Uint8Array, key?: string | Uint8Array): Uint8Array => {
  const hash = new Sha256(key);
  hash.update(data);
  return hash.digestSync();
};

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const toHex = (bytes: Uint8Array): string => {
  let digits = '';
  for (let index = 0; index < bytes.length; index += 1) digits += HEX[bytes[index]!];
  return digits;
};

/** Of bytes, or of a text's UTF-8. @returns 64 hexadecimal digits in lower case */
export const sha256Hex = (data: string | Uint8Array): string => toHex(digestOf(data));

/** Of a text's UTF-8, under a key or a key's UTF-8. @returns 32 bytes */
export const hmacSha256 = (key: string | Uint8Array, text: string): Uint8Array => digestOf(text, key);

/** @returns 64 hexadecimal digits in lower case */
export const hmacSha256Hex = (key: string | Uint8Array, text: string): string => toHex(digestOf(text, key));
