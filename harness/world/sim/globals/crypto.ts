import { createSimSubtle, type SimSubtle } from './subtle.ts';

/** The `crypto` of a simulated world. */
export interface SimCrypto {
  readonly subtle: SimSubtle;
  getRandomValues<View extends ArrayBufferView>(view: View): View;
  randomUUID(): ReturnType<Crypto['randomUUID']>;
}

/** Most bytes that one call of `getRandomValues` gives (Web Cryptography API). */
const MAX_RANDOM_BYTES = 65_536;

/** @param random seeded uniform draws in [0, 1) */
export const createSimCrypto = (random: () => number, nextKey: () => number): SimCrypto => {
  const fill = (bytes: Uint8Array) => {
    for (let index = 0; index < bytes.length; index += 4) {
      const word = Math.floor(random() * 2 ** 32);
      for (let offset = 0; offset < 4 && index + offset < bytes.length; offset += 1)
        bytes[index + offset] = (word >>> (8 * offset)) & 0xff;
    }
    return bytes;
  };

  return {
    subtle: createSimSubtle({ randomBytes: (length) => fill(new Uint8Array(length)), nextKey }),
    getRandomValues(view) {
      if (view.byteLength > MAX_RANDOM_BYTES) {
        throw new DOMException(`The requested length exceeds ${MAX_RANDOM_BYTES} bytes`, 'QuotaExceededError');
      }
      fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      return view;
    },
    randomUUID() {
      const bytes = fill(new Uint8Array(16));
      bytes[6] = (bytes[6]! & 0x0f) | 0x40;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      const hex = Buffer.from(bytes).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as const;
    },
  };
};
