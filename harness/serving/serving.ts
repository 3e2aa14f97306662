import type { Prediction } from '../../mocks/models/runtime.ts';
import type { Rows } from './clients/access.ts';
import type { DegradeRung } from './config.ts';
import type { Deadline } from './deadline.ts';
import type { Ladder } from './degrade/ladder.ts';
import { endsRequest, NoUsableLink } from './errors.ts';
import type { ServedByLink } from './link-caller.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { ServeLinks } from './serve-links.ts';

/** Predictions, and where they are from. */
export interface Answer {
  readonly predictions: readonly Prediction[];
  /** Link id, or `local/<rung>`. */
  readonly servedBy: string;
  readonly degraded: DegradeRung | null;
}

/** Answers a request: by a link, or when none can by the degrade ladder, before its deadline. */
export type Serve = (rows: Rows, deadline: Deadline) => Promise<Answer>;

export interface ServeParts {
  readonly serveLinks: ServeLinks;
  readonly ladder: Ladder;
  readonly budget: RetryBudget;
}

/**
 * @returns a function that throws when nothing answers: `Cancelled` (deadline, caller gone, stopped), `LinkError` of the last attempt, or
 * `NoUsableLink`
 */
export const createServe = ({ serveLinks, ladder, budget }: ServeParts): Serve => {
  const answerOf = (rows: Rows, { predictions, linkId }: ServedByLink): Answer => {
    ladder.learn(rows, predictions);
    return { predictions, servedBy: linkId, degraded: null };
  };

  return async (rows, deadline) => {
    budget.onRequest();
    try {
      const time = { signal: deadline.linkSignal, remainingMs: () => deadline.remainingForLinksMs() };
      return answerOf(rows, await serveLinks(rows, time, !ladder.hasRungs));
    } catch (error) {
      if (endsRequest(error) || !ladder.hasRungs) throw error;
      const degraded = await ladder.answer(rows, deadline.remainingMs(), deadline.signal);
      if (degraded) return { predictions: degraded.predictions, servedBy: `local/${degraded.rung}`, degraded: degraded.rung };
      if (!(error instanceof NoUsableLink)) throw error;
      // Links that looked dead are better than no answer; what the ladder needs no longer matters.
      return answerOf(rows, await serveLinks(rows, deadline, true));
    }
  };
};
