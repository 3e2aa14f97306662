/** A number, or a time that was never reached: longer than any. */
export type Quantity = number | 'never';

/** What several runs gave for one measure. */
export interface Spread {
  /** Of an even count the mean of the middle two. */
  readonly median: Quantity;
  readonly min: Quantity;
  readonly max: Quantity;
  /** Runs in which it could be measured. */
  readonly runs: number;
  /** Fewest requests, answers or meter readings behind it in one run. */
  readonly samples: number;
}

/** What one run gave. */
export interface Reading {
  readonly value: Quantity;
  readonly samples: number;
}

/** For sorting: never is after every number. */
export const numberOf = (quantity: Quantity): number => (quantity === 'never' ? Number.POSITIVE_INFINITY : quantity);

const quantityOf = (value: number): Quantity => (value === Number.POSITIVE_INFINITY ? 'never' : value);

/** @param sorted ascending, at least one */
const medianOf = (sorted: readonly number[]): number => {
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]!;
  return lower === upper ? upper : (lower + upper) / 2;
};

/** Null where no run could measure it. */
export const spreadOf = (readings: readonly (Reading | null)[]): Spread | null => {
  const known = readings.filter((reading) => reading !== null);
  if (known.length === 0) return null;
  const sorted = known.map(({ value }) => numberOf(value)).sort((a, b) => (a === b ? 0 : a - b));
  return {
    median: quantityOf(medianOf(sorted)),
    min: quantityOf(sorted[0]!),
    max: quantityOf(sorted.at(-1)!),
    runs: known.length,
    samples: Math.min(...known.map(({ samples }) => samples)),
  };
};
