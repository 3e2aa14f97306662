import { createRandom } from '../../harness/random.ts';
import { createExactRandom, type ExactRandom } from '../../harness/serving/privacy/exact-random.ts';

/** Exact draws from seeded bytes: a test that looks at a distribution sees the same one each time. */
export const seededExact = (seed: number): ExactRandom => {
  const random = createRandom(seed, 'exact');
  return createExactRandom((bytes) => {
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(random() * 256);
  });
};
