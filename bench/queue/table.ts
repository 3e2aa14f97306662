import Table from 'cli-table3';
import { medianOf } from '../agreement/figures.ts';
import type { TimedRun } from './parameters.ts';

/** A model by its name, with its runs. */
export type Model<Run extends TimedRun> = readonly [name: string, runs: readonly Run[]];

const usPerRequest = ({ tookMs, requests }: TimedRun): number => (tookMs * 1000) / requests;
const costOf = (runs: readonly TimedRun[]): number => medianOf(runs.map(usPerRequest));

export const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/**
 * What a request costs in each model, and what the model gave.
 * @param models the first is what the others' time is compared with
 * @param figures by the heads of their columns
 */
export const tableOf = <Run extends TimedRun>(
  models: readonly Model<Run>[],
  figures: (runs: readonly Run[]) => Readonly<Record<string, string>>,
): string => {
  const [, first] = models[0]!;
  const table = new Table({
    head: ['model', 'us a request', 'first run', 'requests/s', "SimPy's time / its", ...Object.keys(figures(first))],
    style: { head: [], border: [] },
  });
  for (const [name, runs] of models) {
    const cost = costOf(runs);
    const [cold] = runs;
    table.push([
      name,
      cost.toFixed(1),
      usPerRequest(cold!).toFixed(1),
      Math.round(1e6 / cost),
      (costOf(first) / cost).toFixed(2),
      ...Object.values(figures(runs)),
    ]);
  }
  return table.toString();
};
