import type { RequestRecord } from '../../load/sample.ts';
import type { LoadPlan } from '../../scenario/scenario.ts';
import { outcomeOf } from '../../verdict/facts.ts';

/** Fewer requests tell nothing. */
const MIN_REQUESTS = 20;

/** How well a stretch of the timeline was served. Shares 0..1. */
export interface Quality {
  readonly requests: number;
  readonly succeeded: number;
  /** Succeeded, and not degraded. */
  readonly full: number;
}

/** @returns undefined when too few requests were due in [fromMs, untilMs) */
export const qualityWithin = (
  requests: readonly RequestRecord[],
  load: LoadPlan,
  fromMs: number,
  untilMs: number,
): Quality | undefined => {
  const due = requests.filter(({ dueMs }) => dueMs >= fromMs && dueMs < untilMs);
  if (due.length < MIN_REQUESTS) return undefined;
  const ok = due.filter((request) => outcomeOf(request, load) === 'ok');
  const full = ok.filter(({ degraded }) => degraded === '');
  return { requests: due.length, succeeded: ok.length / due.length, full: full.length / due.length };
};

export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
