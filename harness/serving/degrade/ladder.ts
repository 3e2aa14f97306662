import type { ModelRuntime, Prediction } from '../../../mocks/models/runtime.ts';
import { openScope, untilAborted } from '../abort.ts';
import type { Announce } from '../announce.ts';
import type { Rows } from '../clients/access.ts';
import type { DegradeRung, Design } from '../config.ts';
import { Cancelled } from '../errors.ts';
import { createCachedPrediction } from './cached-prediction.ts';
import { createFallbackModel } from './fallback-model.ts';
import { createRules } from './rules.ts';
import type { Rung } from './rung.ts';

/** Predictions, and the rung that made them. */
export interface DegradedAnswer {
  readonly predictions: readonly Prediction[];
  readonly rung: DegradeRung;
}

/** What a request is answered with when no link can. */
export interface Ladder {
  readonly hasRungs: boolean;
  /**
   * Asks the rungs in order; the first that has an answer gives it.
   * @returns null when none has
   * @throws the signal's reason when it aborts
   */
  answer(rows: Rows, tenant: string, remainingMs: number, signal: AbortSignal): Promise<DegradedAnswer | null>;
  /** Hears what links answered. */
  learn(rows: Rows, predictions: readonly Prediction[], tenant: string): void;
}

type DegradePolicy = Exclude<Design['degrade'], false>;

/** Tenants with the same may share what is remembered. */
type SharedBy = (tenant: string) => string;

/** How each rung is made. */
const RUNGS: Readonly<Record<DegradeRung, (policy: DegradePolicy, models: ModelRuntime, sharedBy: SharedBy) => Rung>> = {
  'fallback-model': (_policy, models) => createFallbackModel(models),
  'cached-prediction': ({ cacheEntries, cacheMaxAgeMs, cachePerTenant }, _models, sharedBy) =>
    createCachedPrediction({ entries: cacheEntries, maxAgeMs: cacheMaxAgeMs, isPerTenant: cachePerTenant, sharedBy }),
  rules: () => createRules(),
};

/** A rung before the last has this part of what time is left, so that the next can still answer. */
const SHARE_OF_TIME = 0.5;

export const createLadder = (
  policy: Design['degrade'],
  models: ModelRuntime,
  announce: Announce,
  sharedBy: SharedBy = () => '',
): Ladder => {
  const names = policy ? policy.ladder : [];
  const rungs = names.map((name) => ({ name, ...RUNGS[name](policy as DegradePolicy, models, sharedBy) }));

  /** @returns null also when the rung fails, or takes too long */
  const ask = async (rung: Rung, rows: Rows, tenant: string, limitMs: number, signal: AbortSignal) => {
    const limit = { ms: limitMs, reason: () => new Cancelled('deadline') };
    const scope = openScope(signal, limitMs === Number.POSITIVE_INFINITY ? undefined : limit);
    try {
      return await untilAborted(rung.answer(rows, tenant), scope.signal);
    } catch {
      signal.throwIfAborted();
      return null;
    } finally {
      scope.close();
    }
  };

  return {
    hasRungs: rungs.length > 0,
    async answer(rows, tenant, remainingMs, signal) {
      const endsAtMs = performance.now() + remainingMs;
      for (const [index, rung] of rungs.entries()) {
        const isLast = index === rungs.length - 1;
        const limitMs = (endsAtMs - performance.now()) * (isLast ? 1 : SHARE_OF_TIME);
        const predictions = await ask(rung, rows, tenant, limitMs, signal);
        if (!predictions) continue;
        announce.spell(`degraded ${rung.name}`, `answers degraded: ${rung.name}`);
        return { predictions, rung: rung.name };
      }
      return null;
    },
    learn(rows, predictions, tenant) {
      for (const rung of rungs) rung.learn?.(rows, predictions, tenant);
    },
  };
};
