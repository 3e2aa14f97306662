import type { BudgetGuard } from './budget-guard.ts';
import type { Rows } from './clients/access.ts';
import { NoUsableLink, OverBudget } from './errors.ts';
import type { Attempt, Hedge } from './hedging.ts';
import type { ServedByLink } from './link-caller.ts';
import type { ServingLink } from './links.ts';
import type { AttemptKind, Observe } from './observation.ts';
import { ANYWHERE, type DataScope } from './residency.ts';
import type { Retry } from './retry.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Router, Tried } from './routing.ts';

/** The time that work on links has. */
export interface LinkTime {
  readonly signal: AbortSignal;
  remainingMs(): number;
}

/** Answers one request by links: routing chooses, hedging and retry decide how often. Its data goes anywhere where no scope is given. */
export type ServeLinks = (rows: Rows, time: LinkTime, isLastResort: boolean, scope?: DataScope) => Promise<ServedByLink>;

export interface ServeLinksParts {
  readonly router: Router<ServingLink>;
  readonly retry: Retry;
  readonly hedge: Hedge;
  readonly budget: RetryBudget;
  readonly budgetGuard: BudgetGuard;
  readonly observe?: Observe | undefined;
}

/** @returns a function that throws the last attempt's error; `NoUsableLink` when every link is excluded, unless it is the last resort; `OverBudget` */
export const createServeLinks =
  ({ router, retry, hedge, budget, budgetGuard, observe }: ServeLinksParts): ServeLinks =>
  (rows, time, isLastResort, { permits, isLax } = ANYWHERE) => {
    const attempts = new Map<string, number>();
    let lastId: string | undefined;

    const tried = (): Tried => ({ attempts, lastId, ...(permits ? { permits } : {}) });
    const on = (link: ServingLink, kind: AttemptKind): Attempt<ServedByLink> => {
      observe?.({ type: 'attempt', linkId: link.id, kind, remainingMs: time.remainingMs() });
      attempts.set(link.id, (attempts.get(link.id) ?? 0) + 1);
      lastId = link.id;
      return (signal) => link.attempt(rows, signal, isLastResort);
    };

    const attempt = (): Promise<ServedByLink> => {
      const link = isLax
        ? (router.next(tried(), false) ?? router.next({ attempts, lastId }, isLastResort))
        : router.next(tried(), isLastResort);
      if (!link) return Promise.reject(new NoUsableLink());
      if (!budgetGuard.tryTake(link.id)) return Promise.reject(new OverBudget(budgetGuard.retryAfterMs()));
      const beside = () => {
        if (budgetGuard.isFrugal) return null;
        const other = router.beside(tried());
        return other && budget.tryTake() && budgetGuard.tryTake(other.id) ? on(other, 'hedge') : null;
      };
      return hedge(on(link, attempts.size === 0 ? 'primary' : 'retry'), beside, time.signal);
    };

    return retry.run(attempt, () => time.remainingMs(), time.signal);
  };
