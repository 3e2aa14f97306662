import type { Tally } from './exchange.ts';
import type { RequestVerdict } from './faults/fault.ts';
import type { SelectedRule } from './rules/rule-book.ts';

/** What becomes of a request: how long it waits, milliseconds, and how it ends if it does not go on. */
export interface Judgement {
  readonly waitMs: number;
  readonly final: Exclude<RequestVerdict, { readonly do: 'wait' }> | undefined;
}

/** Asks the rules in their order, up to the first that ends the request. Waits add up. */
export const judge = (selected: readonly SelectedRule[], tally: Tally): Judgement => {
  let waitMs = 0;
  for (const { rule, random } of selected) {
    const verdict = rule.kind.request?.(rule.settings, random);
    if (!verdict) continue;
    tally.landed(rule.name);
    if (verdict.do !== 'wait') return { waitMs, final: verdict };
    tally.delayed(verdict.forMs);
    waitMs += verdict.forMs;
  }
  return { waitMs, final: undefined };
};
