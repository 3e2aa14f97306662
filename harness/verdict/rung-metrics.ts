import type { DegradeRung } from '../serving/config.ts';
import type { PhaseFacts } from './facts.ts';

/** What was counted of the answers of one rung of the degrade ladder. */
export interface RungCounts {
  readonly answers: number;
  /** With a prediction that could be compared with its label, and those that were right. */
  readonly predicted: number;
  readonly correct: number;
}

const NOTHING: RungCounts = { answers: 0, predicted: 0, correct: 0 };

/** Name of its metrics, and in words. */
export const RUNG_METRICS = {
  'fallback-model': ['fallbackModel', 'the fallback model'],
  'cached-prediction': ['cachedPrediction', 'the cache'],
  rules: ['rules', 'rules'],
} as const satisfies Readonly<Record<DegradeRung, readonly [name: string, words: string]>>;

type RungName = (typeof RUNG_METRICS)[DegradeRung][0];

export type RungMetricName = `${RungName}Share` | `${RungName}Accuracy`;

/** @returns part and whole of the share */
export const shareOfRung =
  (rung: DegradeRung) =>
  ({ byRung, succeeded }: PhaseFacts): readonly [number, number] => [(byRung[rung] ?? NOTHING).answers, succeeded];

/** @returns part and whole of the share */
export const accuracyOfRung =
  (rung: DegradeRung) =>
  ({ byRung }: PhaseFacts): readonly [number, number] => {
    const { correct, predicted } = byRung[rung] ?? NOTHING;
    return [correct, predicted];
  };
