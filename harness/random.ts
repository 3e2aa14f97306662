import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A stream of uniform draws in [0, 1), the same for the same seed and labels in any world.
 * Labels give each purpose a stream of its own (`arrivals`, a fault's name and link, ...), so that a draw more in one place
 * changes nothing in another.
 * @param seed 0..2^32-1
 */
export const createRandom = (seed: number, ...labels: readonly string[]): (() => number) => {
  const generator = xoroshiro128plus(labels.reduce(mixLabel, seed >>> 0) | 0);
  // A xoroshiro generator is filled from one 32-bit word: the first draws of neighbouring seeds resemble each other.
  for (let i = 0; i < 16; i++) generator.next();
  return () => uniformFloat64(generator);
};

/** FNV-1a over the label and its end, then murmur3's finalizer, so that every bit of seed and label reaches every bit of the result. */
const mixLabel = (seed: number, label: string): number => {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i <= label.length; i++) {
    hash ^= i < label.length ? label.charCodeAt(i) : 0x10000;
    hash = Math.imul(hash, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
