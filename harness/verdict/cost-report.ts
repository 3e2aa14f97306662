import type { CostParts } from '../../mocks/control.ts';
import type { ProviderName } from '../../mocks/emulator.ts';
import { costOf, type EndpointUsage, totalUsd } from './usage.ts';

/** What a phase cost, and whom it was paid to. US dollars. */
export interface CostReport {
  readonly totalUsd: number;
  /** By kind; they add up to the total. */
  readonly parts: CostParts;
  /** In the order of the topology; they add up to the total. */
  readonly byProvider: readonly PayeeCost[];
  /** The same by endpoint: `provider/region/service`. */
  readonly byEndpoint: readonly PayeeCost[];
}

export interface PayeeCost {
  readonly name: string;
  readonly totalUsd: number;
  readonly parts: CostParts;
  /** Predictions that it served; fallback and cache are nobody's. */
  readonly predictions: number;
  /** For each 1,000 of these; null where it served none, whatever it charged. */
  readonly usdPer1k: number | null;
}

const payee = (name: string, rows: readonly EndpointUsage[]): PayeeCost => {
  const parts = costOf(rows);
  const predictions = rows.reduce((sum, row) => sum + row.predictions, 0);
  return {
    name,
    totalUsd: totalUsd(parts),
    parts,
    // Between two readings of a meter a count is a share of one.
    predictions: Math.round(predictions),
    usdPer1k: predictions > 0 ? (totalUsd(parts) * 1000) / predictions : null,
  };
};

export const costReport = (rows: readonly EndpointUsage[]): CostReport => {
  const providers: readonly ProviderName[] = [...new Set(rows.map(({ provider }) => provider))];
  const parts = costOf(rows);
  return {
    totalUsd: totalUsd(parts),
    parts,
    byProvider: providers.map((name) =>
      payee(
        name,
        rows.filter(({ provider }) => provider === name),
      ),
    ),
    byEndpoint: rows.map((row) => payee(`${row.provider}/${row.region}/${row.service}`, [row])),
  };
};
