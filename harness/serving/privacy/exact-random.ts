/** Fills with random bytes. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => void;

/** The platform's secure generator; the simulated world has a seeded one in its place. */
export const secureBytes: RandomBytes = (bytes) => void crypto.getRandomValues(bytes);

/** How many bytes are drawn at once. */
const POOL_BYTES = 512;

/** Draws without rounding: whole numbers and coins with rational or exponential odds. */
export interface ExactRandom {
  /** Uniform in 0..below-1. */
  uniform(below: bigint): bigint;
  /** True with probability exp(-numerator/denominator); both at least 0, the denominator above. */
  coinExp(numerator: bigint, denominator: bigint): boolean;
}

/** @param fill where bits come from: secure where answers leave the process */
export const createExactRandom = (fill: RandomBytes = secureBytes): ExactRandom => {
  const pool = new Uint8Array(POOL_BYTES);
  let at = POOL_BYTES;
  const byte = (): number => {
    if (at === POOL_BYTES) {
      fill(pool);
      at = 0;
    }
    const value = pool[at]!;
    // What was used is of no use to anybody else.
    pool[at] = 0;
    at += 1;
    return value;
  };

  const uniform = (below: bigint): bigint => {
    if (below <= 1n) return 0n;
    const bits = (below - 1n).toString(2).length;
    const bytes = Math.ceil(bits / 8);
    const spare = BigInt(bytes * 8 - bits);
    for (;;) {
      let value = 0n;
      for (let index = 0; index < bytes; index += 1) value = (value << 8n) | BigInt(byte());
      value >>= spare;
      if (value < below) return value;
    }
  };

  /** For odds of at most 1: Canonne, Kamath, Steinke (2020), Algorithm 1. */
  const coinExpOfAtMostOne = (numerator: bigint, denominator: bigint): boolean => {
    for (let round = 1n; ; round += 1n) {
      if (uniform(denominator * round) >= numerator) return round % 2n === 1n;
    }
  };

  return {
    uniform,
    coinExp(numerator, denominator) {
      let left = numerator;
      for (; left > denominator; left -= denominator) if (!coinExpOfAtMostOne(1n, 1n)) return false;
      return coinExpOfAtMostOne(left, denominator);
    },
  };
};
