import fc, { type Arbitrary } from 'fast-check';

/**
 * A value, or `undefined` one time in so many. Unlike fast-check's own option it shrinks to `undefined` at any step, also after the
 * value itself has shrunk: what could not be left out at first often can once the rest is simpler.
 * @param oneIn at least 2
 */
export const maybe = <T>(arbitrary: Arbitrary<T>, oneIn: number): Arbitrary<T | undefined> =>
  fc.tuple(fc.nat(oneIn - 1), arbitrary).map(([isThere, value]) => (isThere > 0 ? value : undefined));
