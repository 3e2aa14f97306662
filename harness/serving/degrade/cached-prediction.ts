import type { Prediction } from '../../../mocks/models/runtime.ts';
import type { Rung } from './rung.ts';

type Row = readonly number[];

const isCharCode = (value: number): boolean => (value & 0xffff) === value;

/**
 * Equal keys are equal rows, among rows of the same width: numbers print so that they read back the same (and -0, which prints as 0, is 0
 * to a model). Whole intensities are a character each, for every answer of a link is remembered, and printing takes ten times as long.
 */
const keyOf = (row: Row): string => (row.every(isCharCode) ? String.fromCharCode(...row) : row.join(' '));

/**
 * Answers with what a provider once predicted for exactly the same input, row by row. A batch is answered only if every row is known.
 * @param maxEntries rows that are remembered; the least recently used is forgotten first
 */
export const createCachedPrediction = (maxEntries: number): Rung => {
  // A Map keeps its keys in the order of insertion: used ones are inserted anew, and the first is the least recently used.
  const known = new Map<string, Prediction>();

  const put = (key: string, prediction: Prediction) => {
    known.delete(key);
    known.set(key, prediction);
  };

  return {
    async answer(rows) {
      const keys = rows.map(keyOf);
      const found = keys.map((key) => known.get(key));
      if (!found.every((prediction) => prediction !== undefined)) return null;
      found.forEach((prediction, at) => {
        put(keys[at]!, prediction);
      });
      return found;
    },
    learn(rows, predictions) {
      rows.forEach((row, at) => {
        const prediction = predictions[at];
        if (prediction) put(keyOf(row), prediction);
      });
      if (known.size <= maxEntries) return;
      for (const oldest of known.keys()) {
        if (known.size <= maxEntries) break;
        known.delete(oldest);
      }
    },
  };
};
