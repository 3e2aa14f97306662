import type { QueueRun } from './parameters.ts';

/**
 * How far two models may be apart and still be the same queue: three standard errors of the difference of two means over five runs, rounded up. From the spread
 * over 40 seeds of the slots alone: 0.8 points of utilisation, 1.1 points of throttled, 7.3 % of the mean wait.
 */
export const TOLERANCE = {
  /** Share points. */
  utilisation: 0.01,
  throttledShare: 0.012,
  /** Share of the other's. */
  meanWait: 0.08,
} as const;

/** Means over a model's runs. */
export interface QueueFigures {
  readonly utilisation: number;
  readonly meanWaitMs: number;
  /** 0..1. */
  readonly throttledShare: number;
}

/** @param values at least one */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param runs at least one */
export const figuresOf = (runs: readonly QueueRun[]): QueueFigures => ({
  utilisation: mean(runs.map(({ utilisation }) => utilisation)),
  meanWaitMs: mean(runs.map(({ meanWaitMs }) => meanWaitMs)),
  throttledShare: mean(runs.map(({ throttled, requests }) => throttled / requests)),
});

/** One text when the two are further apart than allowed. */
export const within = (name: string, a: number, b: number, tolerance: number): readonly string[] =>
  Math.abs(a - b) <= tolerance ? [] : [`${name} ${a.toFixed(4)} against ${b.toFixed(4)}, ${tolerance.toFixed(4)} allowed`];

/** Where a model is not the same queue as the other, one text each. */
export const differences = (model: QueueFigures, other: QueueFigures): readonly string[] => [
  ...within('utilisation', model.utilisation, other.utilisation, TOLERANCE.utilisation),
  ...within('share throttled', model.throttledShare, other.throttledShare, TOLERANCE.throttledShare),
  ...within('mean wait, ms', model.meanWaitMs, other.meanWaitMs, other.meanWaitMs * TOLERANCE.meanWait),
];
