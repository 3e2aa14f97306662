import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** One for each word of the generator's state: fractional bits of the square roots of 2, 3, 5 and 7 (as SHA-256's first constants). */
const WORD_SALTS = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a];

/**
 * A stream of uniform draws in [0, 1), the same for the same seed and labels in any world.
 * Labels give each purpose a stream of its own (`arrivals`, a fault's name and link, ...), so that a draw more in one place
 * changes nothing in another.
 * @param seed 0..2^32-1
 */
export const createRandom = (seed: number, ...labels: readonly string[]): (() => number) => {
  // pure-rand's own seeding spreads 32 bits thinly over the 128 of the state: the first draws of neighbouring seeds would be alike.
  const state = WORD_SALTS.map((salt) => labels.reduce(mixLabel, finalize(Math.imul(seed, 0x9e3779b1) ^ salt)));
  const generator = xoroshiro128plusFromState(state);
  return () => uniformFloat64(generator);
};

/** FNV-1a over the label and an end mark, then finalized. */
const mixLabel = (hash: number, label: string): number => {
  let mixed = hash;
  for (let i = 0; i <= label.length; i++) {
    mixed = Math.imul(mixed ^ (i < label.length ? label.charCodeAt(i) : 0x10000), 0x01000193);
  }
  return finalize(mixed);
};

/** murmur3's finalizer: every bit of the input reaches every bit of the result. */
const finalize = (hash: number): number => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
