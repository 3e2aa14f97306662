import { mean, within } from './compare.ts';
import type { StackRun } from './stack.ts';

/**
 * How far two models may be apart and still be the same stack: as the queue's, three standard errors of the difference of two means over five runs, rounded
 * up. From the spread over 40 seeds of squall's stack: 0.9 points of unanswered, 3.0 % of the median, 2.8 % of the mean, 0.23 points of hedges, 0.25 of retries.
 */
export const STACK_TOLERANCE = {
  /** Share points. */
  unansweredShare: 0.01,
  hedgesPerRequest: 0.0025,
  retriesPerRequest: 0.003,
  /** Share of the other's. */
  p50: 0.035,
  meanResponse: 0.03,
} as const;

/** Means over a model's runs. */
export interface StackFigures {
  /** 0..1. */
  readonly unansweredShare: number;
  /** Response times of those that were answered. */
  readonly p50Ms: number;
  readonly meanMs: number;
  readonly hedgesPerRequest: number;
  readonly retriesPerRequest: number;
}

/** @param runs at least one */
export const stackFiguresOf = (runs: readonly StackRun[]): StackFigures => ({
  unansweredShare: mean(runs.map(({ unanswered, requests }) => unanswered / requests)),
  p50Ms: mean(runs.map(({ p50Ms }) => p50Ms)),
  meanMs: mean(runs.map(({ meanMs }) => meanMs)),
  hedgesPerRequest: mean(runs.map(({ hedges, requests }) => hedges / requests)),
  retriesPerRequest: mean(runs.map(({ retries, requests }) => retries / requests)),
});

/** Where a model is not the same stack as the other, one text each. */
export const stackDifferences = (model: StackFigures, other: StackFigures): readonly string[] => [
  ...within('share unanswered', model.unansweredShare, other.unansweredShare, STACK_TOLERANCE.unansweredShare),
  ...within('p50, ms', model.p50Ms, other.p50Ms, other.p50Ms * STACK_TOLERANCE.p50),
  ...within('mean response, ms', model.meanMs, other.meanMs, other.meanMs * STACK_TOLERANCE.meanResponse),
  ...within('hedges a request', model.hedgesPerRequest, other.hedgesPerRequest, STACK_TOLERANCE.hedgesPerRequest),
  ...within('retries a request', model.retriesPerRequest, other.retriesPerRequest, STACK_TOLERANCE.retriesPerRequest),
];
