import fc, { type Arbitrary, type Value } from 'fast-check';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { createRandom } from '../random.ts';

const WORDS = 4;

/** fast-check's own bias: early runs are drawn from small and edge values more often. */
const biasOf = (index: number): number => 2 + Math.floor(Math.log10(index + 1));

/**
 * The value with that number in the sequence of a seed. Each is drawn from a stream of its own, so that shards and cores can take any of
 * them in any order.
 * @param seed 0..2^32-1, @param index from 0
 */
export const draw = <T>(arbitrary: Arbitrary<T>, seed: number, index: number): Value<T> => {
  const random = createRandom(seed, 'explore', String(index));
  const state = Array.from({ length: WORDS }, () => Math.floor(random() * 2 ** 32) | 0);
  return arbitrary.generate(new fc.Random(xoroshiro128plusFromState(state)), biasOf(index));
};

/**
 * The simpler values that a value shrinks to, simplest first, by fast-check's own shrinkers. Lazy, each reading starts it anew.
 */
export const simplerThan = <T>(arbitrary: Arbitrary<T>, value: Value<T>): Iterable<Value<T>> =>
  arbitrary.shrink(value.value_, value.context);
