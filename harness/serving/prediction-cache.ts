import type { Prediction } from '../../mocks/models/runtime.ts';

type Row = readonly number[];

/** What the served model has predicted, by input, until it is too old. */
export interface PredictionCache {
  /**
   * What was predicted for exactly these rows. A batch is found only if every row is.
   * @param tenant on whose behalf; empty when nobody's
   * @param maxAgeMs what was learned longer ago is not found
   */
  find(rows: readonly Row[], tenant: string, maxAgeMs: number): readonly Prediction[] | null;
  learn(rows: readonly Row[], predictions: readonly Prediction[], tenant: string): void;
}

export interface PredictionCacheOptions {
  /** Rows that are remembered; the least recently used is forgotten first. */
  readonly entries: number;
  /** What one tenant has asked is not found for another. */
  readonly isPerTenant: boolean;
  /** Tenants with the same share what they have asked, where it is not each tenant's own; left out: all do. */
  readonly sharedBy?: (tenant: string) => string;
}

interface Entry {
  readonly prediction: Prediction;
  readonly learnedAtMs: number;
}

const isCharCode = (value: number): boolean => (value & 0xffff) === value;

/**
 * Equal keys are equal rows, among rows of the same width: numbers print so that they read back the same (and -0, which prints as 0, is 0
 * to a model). Whole intensities are a character each, for every answer of a link is remembered, and printing takes ten times as long.
 */
const keyOf = (row: Row): string => (row.every(isCharCode) ? String.fromCharCode(...row) : row.join(' '));

/** Names of tenants have no line break. */
const END_OF_NAME = '\n';

export const createPredictionCache = ({ entries, isPerTenant, sharedBy = () => '' }: PredictionCacheOptions): PredictionCache => {
  // A Map keeps its keys in the order of insertion: used ones are inserted anew, and the first is the least recently used.
  const known = new Map<string, Entry>();
  const ownerOf = (tenant: string): string => {
    const owner = isPerTenant ? tenant : sharedBy(tenant);
    return owner === '' ? '' : owner + END_OF_NAME;
  };

  const put = (key: string, entry: Entry) => {
    known.delete(key);
    known.set(key, entry);
  };

  return {
    find(rows, tenant, maxAgeMs) {
      const sinceMs = performance.now() - maxAgeMs;
      const owner = ownerOf(tenant);
      const keys = rows.map((row) => owner + keyOf(row));
      const found: Entry[] = [];
      for (const key of keys) {
        const entry = known.get(key);
        if (!entry || entry.learnedAtMs < sinceMs) return null;
        found.push(entry);
      }
      found.forEach((entry, at) => {
        put(keys[at]!, entry);
      });
      return found.map(({ prediction }) => prediction);
    },
    learn(rows, predictions, tenant) {
      const learnedAtMs = performance.now();
      const owner = ownerOf(tenant);
      rows.forEach((row, at) => {
        const prediction = predictions[at];
        if (prediction) put(owner + keyOf(row), { prediction, learnedAtMs });
      });
      if (known.size <= entries) return;
      for (const oldest of known.keys()) {
        if (known.size <= entries) break;
        known.delete(oldest);
      }
    },
  };
};
