/** What a kind of dataset has in a column: a number within bounds that are declared, not looked up in the rows. */
export interface DatasetColumn {
  readonly name: string;
  /** In words, e.g. `years`; empty for what is counted or coded. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

/** Where a dataset has to stay, in the words of harness/topology/residency/transfers.ts. */
export interface DatasetResidency {
  /** A jurisdiction, e.g. `EU`, or a country's code. */
  readonly within: string;
  /** Mechanisms that let it go further. */
  readonly transfers: readonly string[];
}

/** A dataset that a stack keeps, as a scenario declares it. Plain data; contains no rows. */
export interface Dataset {
  /** E.g. `patients`. */
  readonly name: string;
  /** Kind of its rows: one of generate.ts. */
  readonly kind: string;
  /** How many rows it has, at least 1. */
  readonly rows: number;
  /** What its rows are drawn from, 0..2^32-1. */
  readonly seed: number;
  /** Regions of the stack that keep it, e.g. `eu-west`; the first is its home. */
  readonly regions: readonly string[];
  /** Where it has to stay; null where that is not said. */
  readonly residency: DatasetResidency | null;
  /** Tenants that may read its rows, and ask for statistics. */
  readonly readers: readonly string[];
  /** Tenants that may ask for statistics alone. */
  readonly analysts: readonly string[];
}

/** A row: a number a column, in the order of the columns of its kind. */
export type DatasetRow = readonly number[];
