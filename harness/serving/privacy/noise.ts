import type { ExactRandom } from './exact-random.ts';

/** A rational number above 0. */
export interface Ratio {
  readonly over: bigint;
  readonly under: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

const reduced = ({ over, under }: Ratio): Ratio => {
  const common = gcd(over, under);
  return { over: over / common, under: under / common };
};

/** Doubles are taken to this many parts of one. */
const PARTS = 2 ** 20;

/** The largest ratio of the grid that is not above the number. */
export const ratioBelow = (value: number): Ratio => reduced({ over: BigInt(Math.floor(value * PARTS)), under: BigInt(PARTS) });

/** The smallest one that is not below it. */
export const ratioAbove = (value: number): Ratio => reduced({ over: BigInt(Math.ceil(value * PARTS)), under: BigInt(PARTS) });

/**
 * Noise on whole numbers with P(x) proportional to exp(-|x| / scale): Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy",
 * NeurIPS 2020, Algorithm 2. Exact: there is no floating-point number in it that could tell neighbours apart (Mironov, CCS 2012).
 */
export const discreteLaplace = ({ over: t, under: s }: Ratio, random: ExactRandom): bigint => {
  for (;;) {
    const fraction = random.uniform(t);
    if (!random.coinExp(fraction, t)) continue;
    let whole = 0n;
    while (random.coinExp(1n, 1n)) whole += 1n;
    const magnitude = (fraction + t * whole) / s;
    const isNegative = random.uniform(2n) === 1n;
    // Zero has one sign, or it would come twice as often.
    if (isNegative && magnitude === 0n) continue;
    return isNegative ? -magnitude : magnitude;
  }
};

/** Largest whole number whose square is not above the ratio. */
const floorSqrt = ({ over, under }: Ratio): bigint => {
  const value = over / under;
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root -= 1n;
  while ((root + 1n) * (root + 1n) <= value) root += 1n;
  return root;
};

/** Noise on whole numbers with P(x) proportional to exp(-x^2 / (2 variance)): Algorithm 3 of the same paper. */
export const discreteGaussian = (variance: Ratio, random: ExactRandom): bigint => {
  const { over: v, under: w } = variance;
  const t = floorSqrt(variance) + 1n;
  for (;;) {
    const candidate = discreteLaplace({ over: t, under: 1n }, random);
    const magnitude = candidate < 0n ? -candidate : candidate;
    // (|x| - variance/t)^2 / (2 variance), with v/w for the variance.
    const distance = magnitude * t * w - v;
    if (random.coinExp(distance * distance, 2n * v * w * t * t)) return candidate;
  }
};
