/** Draws around a mean, so wide as a standard deviation says; both are above 0, and what is drawn may be below. */
export type Distribution = (mean: number, deviation: number, random: () => number) => number;

/** Box-Muller; 1 - random() keeps the logarithm's argument above 0. */
const standardNormal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Each with the mean and the standard deviation that are asked for, so that one pair of settings means the same for each. */
export const distributions = {
  uniform: (mean, deviation, random) => mean + deviation * Math.sqrt(3) * (2 * random() - 1),
  normal: (mean, deviation, random) => mean + deviation * standardNormal(random),
  lognormal: (mean, deviation, random) => {
    const variance = Math.log1p((deviation / mean) ** 2);
    return mean * Math.exp(Math.sqrt(variance) * standardNormal(random) - variance / 2);
  },
  pareto: (mean, deviation, random) => {
    // Of Pareto's (type I) mean and variance: (mean/deviation)^2 = shape x (shape - 2).
    const shape = 1 + Math.sqrt(1 + (mean / deviation) ** 2);
    const lowest = (mean * (shape - 1)) / shape;
    return lowest / (1 - random()) ** (1 / shape);
  },
} satisfies Record<string, Distribution>;
