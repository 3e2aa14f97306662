import type { Prediction } from '../../../mocks/models/runtime.ts';
import type { Rows } from '../clients/access.ts';

/** A way to answer without a provider. */
export interface Rung {
  /** @returns null when it has no answer for these rows */
  answer(rows: Rows, tenant: string): Promise<readonly Prediction[] | null>;
  /** Hears what links answered; for a rung that remembers. */
  learn?(rows: Rows, predictions: readonly Prediction[], tenant: string): void;
}
