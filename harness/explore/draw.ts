import fc, { type Arbitrary, type Value } from 'fast-check';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { createRandom } from '../random.ts';

const WORDS = 4;

/** fast-check's own bias, of its middle runs: one draw in so many is of small and edge values. */
const BIAS = 3;

/**
 * The value of that name in a seed. Each is drawn from a stream of its own, so that shards and cores can take any of them in any order.
 * @param seed 0..2^32-1
 */
export const draw = <T>(arbitrary: Arbitrary<T>, seed: number, name: string): Value<T> => {
  const random = createRandom(seed, 'explore', name);
  const state = Array.from({ length: WORDS }, () => Math.floor(random() * 2 ** 32) | 0);
  return arbitrary.generate(new fc.Random(xoroshiro128plusFromState(state)), BIAS);
};

/**
 * The simpler values that a value shrinks to, simplest first, by fast-check's own shrinkers. Lazy, each reading starts it anew.
 */
export const simplerThan = <T>(arbitrary: Arbitrary<T>, value: Value<T>): Iterable<Value<T>> =>
  arbitrary.shrink(value.value_, value.context);
