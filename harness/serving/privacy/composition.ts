import type { Loss } from './mechanism.ts';

export type Composition = 'sequential' | 'advanced';

/** What `count` answers of one loss each tell together at most, whatever is asked after what. @param slack the delta that is given to the proof, 0..1 */
type Compose = (count: number, each: Loss, slack: number) => Loss;

/** Losses add up: Dwork, Kenthapadi, McSherry, Mironov, Naor (2006), Theorem 1. */
export const sequentially = (count: number, { epsilon, delta }: Loss): Loss => ({
  epsilon: count * epsilon,
  delta: count * delta,
});

/** Dwork, Rothblum, Vadhan, "Boosting and Differential Privacy", FOCS 2010, Theorem III.3. */
export const byBoosting: Compose = (count, { epsilon, delta }, slack) => ({
  epsilon: Math.sqrt(2 * count * Math.log(1 / slack)) * epsilon + count * epsilon * Math.expm1(epsilon),
  delta: count * delta + slack,
});

/** Kairouz, Oh, Viswanath, "The Composition Theorem for Differential Privacy", ICML 2015, Theorem 3.4. */
export const byKairouz: Compose = (count, { epsilon, delta }, slack) => {
  const drift = count * epsilon * Math.tanh(epsilon / 2);
  const spread = Math.min(Math.log(Math.E + (Math.sqrt(count) * epsilon) / slack), Math.log(1 / slack));
  return { epsilon: drift + epsilon * Math.sqrt(2 * count * spread), delta: 1 - (1 - delta) ** count * (1 - slack) };
};

/** Rhos add up, and are an epsilon at any delta: Bun, Steinke, "Concentrated Differential Privacy", TCC 2016, Lemma 1.7 and Proposition 1.3. */
export const byConcentration = (count: number, rho: number, delta: number): Loss => ({
  epsilon: count * rho + 2 * Math.sqrt(count * rho * Math.log(1 / delta)),
  delta,
});

/** The smallest loss that one of the theorems of a composition gives, of those that stay within the budget's delta. */
export const composed = (composition: Composition, count: number, each: Loss, maxDelta: number): Loss => {
  const plain = sequentially(count, each);
  if (composition === 'sequential' || count === 0) return plain;
  const slack = maxDelta - count * each.delta;
  const bounds = slack > 0 ? [byBoosting(count, each, slack), byKairouz(count, each, slack)] : [];
  const concentrated = each.rho === undefined || maxDelta <= 0 ? [] : [byConcentration(count, each.rho, maxDelta)];
  const within = [plain, ...bounds, ...concentrated].filter(({ delta }) => delta <= maxDelta);
  // Rounding must not make a budget larger than it is.
  return within.toSorted((a, b) => a.epsilon - b.epsilon)[0] ?? plain;
};
