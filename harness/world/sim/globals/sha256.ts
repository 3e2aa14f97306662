import { hash } from 'node:crypto';

/**
 * What mocks/shared/sha256.ts offers, by OpenSSL. An HMAC is two hashes in one call each, for making an object of Node's Hmac takes longer
 * than both. Digests leave as text: a Buffer of each would take longer than the hash.
 */

/** Of SHA-256. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/** What is hashed first: the key, and the text. Grows with the texts. */
let inner = Buffer.alloc(1024);
/** What is hashed then: the key, and the first digest. */
const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

/** Writes a key before both, as RFC 2104 has it. */
const writeKey = (key: string | Uint8Array): void => {
  const given = typeof key === 'string' ? Buffer.from(key) : key;
  const bytes = given.length > BLOCK_BYTES ? hash('sha256', given, 'buffer') : given;
  for (let index = 0; index < BLOCK_BYTES; index += 1) {
    const byte = index < bytes.length ? bytes[index]! : 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
};

/** Leaves in `outer` what the second hash is of. */
const prepare = (key: string | Uint8Array, text: string): void => {
  // A character of UTF-16 is at most 3 bytes of UTF-8.
  const needed = BLOCK_BYTES + 3 * text.length;
  if (needed > inner.length) inner = Buffer.alloc(2 * needed);
  writeKey(key);
  const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'utf8');
  outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'binary');
};

export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

export const hmacSha256 = (key: string | Uint8Array, text: string): Uint8Array => {
  prepare(key, text);
  return new Uint8Array(hash('sha256', outer, 'buffer'));
};

export const hmacSha256Hex = (key: string | Uint8Array, text: string): string => {
  prepare(key, text);
  return hash('sha256', outer, 'hex');
};
