import type { Journal } from '../audit/journal.ts';
import { type Composition, composed } from './composition.ts';
import type { Loss } from './mechanism.ts';

export interface LedgerOptions {
  readonly journal: Journal;
  /** What one answer costs; the same for all, for the theorems of composition are about losses that are fixed beforehand. */
  readonly each: Loss;
  /** What all answers to one tenant about one dataset may tell together. */
  readonly budget: Loss;
  readonly composition: Composition;
}

/** What a tenant has spent of its budget for a dataset. */
export interface Account {
  /** Answers that were paid for. */
  readonly answers: number;
  readonly spent: Loss;
}

/** Who has been told how much: kept for good, and written before an answer is given. */
export interface PrivacyLedger {
  /** Resolves to null when nothing is left: then nothing is charged. Rejects when the charge cannot be written: then nothing may be answered. */
  charge(tenant: string, dataset: string): Promise<Account | null>;
  accountOf(tenant: string, dataset: string): Account;
}

const keyOf = (tenant: string, dataset: string): string => JSON.stringify([tenant, dataset]);

/** Goes on with what the journal has. */
export const openLedger = async ({ journal, each, budget, composition }: LedgerOptions): Promise<PrivacyLedger> => {
  const answers = new Map<string, number>();
  for (const line of await journal.read()) {
    const { tenant, dataset } = JSON.parse(line) as { tenant: string; dataset: string };
    const key = keyOf(tenant, dataset);
    answers.set(key, (answers.get(key) ?? 0) + 1);
  }
  const accountAt = (count: number): Account => ({ answers: count, spent: composed(composition, count, each, budget.delta) });
  const isWithin = ({ epsilon, delta }: Loss): boolean =>
    epsilon <= budget.epsilon * (1 + 1e-9) && delta <= budget.delta * (1 + 1e-9);

  return {
    accountOf: (tenant, dataset) => accountAt(answers.get(keyOf(tenant, dataset)) ?? 0),
    async charge(tenant, dataset) {
      const key = keyOf(tenant, dataset);
      const account = accountAt((answers.get(key) ?? 0) + 1);
      if (!isWithin(account.spent)) return null;
      // Before anything is waited for: of two that come at once, the second sees the first.
      answers.set(key, account.answers);
      await journal.append([JSON.stringify({ tenant, dataset, ...each })]);
      return account;
    },
  };
};
