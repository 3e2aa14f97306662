import { hash } from 'node:crypto';
import type { HmacKey } from '../../../mocks/shared/sha256.ts';

/**
 * What mocks/shared/sha256.ts offers, by OpenSSL. An HMAC is two hashes in one call each, for making an object of Node's Hmac takes longer
 * than both. Digests leave as text: a Buffer of each would take longer than the hash.
 */

/** Of SHA-256. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/** The key in a block, each byte changed as RFC 2104 has it, and room behind. */
const padded = (key: Uint8Array, pad: number, room: number): Buffer => {
  const block = Buffer.alloc(BLOCK_BYTES + room, pad);
  for (let index = 0; index < key.length; index += 1) block[index] = key[index]! ^ pad;
  return block;
};

export const createHmacKey = (secret: string | Uint8Array): HmacKey => {
  const given = typeof secret === 'string' ? Buffer.from(secret) : secret;
  const key = given.length > BLOCK_BYTES ? hash('sha256', given, 'buffer') : new Uint8Array(given);
  let inner = padded(key, 0x36, 256);
  const outer = padded(key, 0x5c, DIGEST_BYTES);

  /** Leaves in `outer` what the second hash is of. */
  const prepare = (text: string): void => {
    // A character of UTF-16 is at most 3 bytes of UTF-8.
    if (inner.length < BLOCK_BYTES + 3 * text.length) inner = padded(key, 0x36, 6 * text.length);
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'utf8');
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'binary');
  };

  return {
    sign(text) {
      prepare(text);
      return new Uint8Array(hash('sha256', outer, 'buffer'));
    },
    signHex(text) {
      prepare(text);
      return hash('sha256', outer, 'hex');
    },
  };
};
