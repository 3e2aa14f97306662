import type { Prediction } from '../../mocks/models/runtime.ts';
import type { BudgetGuard } from './budget-guard.ts';
import type { Caller } from './caller.ts';
import type { Rows } from './clients/access.ts';
import type { DegradeRung } from './config.ts';
import type { Deadline } from './deadline.ts';
import type { Ladder } from './degrade/ladder.ts';
import { endsRequest, NoUsableLink, OverBudget } from './errors.ts';
import type { ServedByLink } from './link-caller.ts';
import { MODEL_VERSION } from './open-inference.ts';
import type { PredictionCache } from './prediction-cache.ts';
import type { LocalModel } from './registry/local-model.ts';
import type { DataScope } from './residency.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { ServeLinks } from './serve-links.ts';
import type { Call } from './stack.ts';

/** Predictions, and where they are from. */
export interface Answer {
  readonly predictions: readonly Prediction[];
  /** Link id, or `local/<rung>`. */
  readonly servedBy: string;
  readonly degraded: DegradeRung | null;
  /** Version of the model that answered; empty where something else did, or nobody counts its versions. */
  readonly version: string;
}

/** What serves an answer that is as good as new. */
export const FROM_CACHE = 'local/cache';

/** Answers a request: by a link, or when none can by the degrade ladder, before its deadline. */
export type Serve = (rows: Rows, deadline: Deadline, caller: Caller & Pick<Call, 'refusal'>) => Promise<Answer>;

export interface ServeParts {
  readonly serveLinks: ServeLinks;
  /** What the data of a tenant is held to. */
  readonly scopeOf: (tenant: string) => DataScope;
  readonly ladder: Ladder;
  /** What is new enough to be answered as it is, and how new that is; null where every request asks a provider. */
  readonly fresh: { readonly cache: PredictionCache; readonly ttlMs: number } | null;
  readonly local: Pick<LocalModel, 'versionOf'>;
  readonly budget: RetryBudget;
  readonly budgetGuard: BudgetGuard;
}

/**
 * @returns a function that throws when nothing answers: `Cancelled` (deadline, caller gone, stopped), `LinkError` of the last attempt, or
 * `NoUsableLink`
 */
export const createServe = ({ serveLinks, scopeOf, ladder, fresh, local, budget, budgetGuard }: ServeParts): Serve => {
  const answerOf = (rows: Rows, tenant: string, { predictions, linkId, version = MODEL_VERSION }: ServedByLink): Answer => {
    ladder.learn(rows, predictions, tenant);
    fresh?.cache.learn(rows, predictions, tenant);
    return { predictions, servedBy: linkId, degraded: null, version };
  };

  return async (rows, deadline, { priority, tenant, refusal }) => {
    const known = fresh?.cache.find(rows, tenant, fresh.ttlMs);
    if (known) return { predictions: known, servedBy: FROM_CACHE, degraded: null, version: '' };
    budget.onRequest();
    const scope = scopeOf(tenant);
    try {
      if (refusal !== undefined) throw refusal;
      if (!budgetGuard.admits(priority)) throw new OverBudget(budgetGuard.retryAfterMs());
      const time = { signal: deadline.linkSignal, remainingMs: () => deadline.remainingForLinksMs() };
      return answerOf(rows, tenant, await serveLinks(rows, time, !ladder.hasRungs, scope));
    } catch (error) {
      if (endsRequest(error) || !ladder.hasRungs) throw error;
      const degraded = await ladder.answer(rows, tenant, deadline.remainingMs(), deadline.signal);
      if (degraded) {
        const { predictions, rung } = degraded;
        return { predictions, servedBy: `local/${rung}`, degraded: rung, version: local.versionOf(rung) };
      }
      if (!(error instanceof NoUsableLink) || error instanceof OverBudget) throw error;
      // Links that looked dead are better than no answer; what the ladder needs no longer matters.
      return answerOf(rows, tenant, await serveLinks(rows, deadline, true, scope));
    }
  };
};
