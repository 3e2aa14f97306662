import { createHash } from 'node:crypto';

const digest = (hash: string, ...parts: readonly Uint8Array[]): Buffer => {
  const state = createHash(hash);
  for (const part of parts) state.update(part);
  return state.digest();
};

/** Mask generation function 1 (RFC 8017, B.2.1). */
const mask = (hash: string, seed: Uint8Array, length: number): Buffer => {
  const parts: Buffer[] = [];
  for (let counter = 0, made = 0; made < length; counter += 1) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const part = digest(hash, seed, count);
    parts.push(part);
    made += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
};

const xor = (one: Uint8Array, other: Uint8Array): Buffer => Buffer.from(one.map((byte, at) => byte ^ other[at]!));

/**
 * EME-OAEP (RFC 8017, 7.1.1, step 2) with a seed that is drawn from the run's own randomness: OpenSSL draws its own, and no run would be like another.
 * @param lengthBytes of the modulus
 * @returns null for data that is too long
 */
export const padOaep = (
  data: Uint8Array,
  lengthBytes: number,
  hash: string,
  label: Uint8Array,
  randomBytes: (length: number) => Uint8Array,
): Buffer | null => {
  const labelHash = digest(hash, label);
  const room = lengthBytes - 2 * labelHash.length - 2;
  if (data.length > room) return null;
  const block = Buffer.concat([labelHash, Buffer.alloc(room - data.length), Buffer.from([1]), data]);
  const seed = randomBytes(labelHash.length);
  const maskedBlock = xor(block, mask(hash, seed, block.length));
  const maskedSeed = xor(seed, mask(hash, maskedBlock, labelHash.length));
  return Buffer.concat([Buffer.from([0]), maskedSeed, maskedBlock]);
};
