import type { Alarm } from '../tcp/alarms.ts';
import type { Scope, Tally } from './exchange.ts';
import type { RequestVerdict } from './faults/fault.ts';
import type { SelectedRule } from './rules/rule-book.ts';

/** A rule that holds a request back. */
interface Wait {
  readonly by: SelectedRule;
  readonly forMs: number;
}

/** What becomes of a request: who holds it back, one after the other, and how it ends if it does not go on. */
export interface Judgement {
  readonly waits: readonly Wait[];
  readonly final: Exclude<RequestVerdict, { readonly do: 'wait' }> | undefined;
}

/** Asks the rules in their order, up to the first that ends the request. */
export const judge = (selected: readonly SelectedRule[], tally: Tally): Judgement => {
  const waits: Wait[] = [];
  for (const by of selected) {
    const { rule, random } = by;
    const verdict = rule.kind.request?.(rule.settings, random);
    if (!verdict) continue;
    tally.landed(rule.name);
    if (verdict.do !== 'wait') return { waits, final: verdict };
    const { forMs } = verdict;
    tally.delayed(forMs);
    if (forMs > 0) waits.push({ by, forMs });
  }
  return { waits, final: undefined };
};

/** Calls when all the waits are over. Those of a rule that is taken away meanwhile are over then. */
export const waitOut = (waits: readonly Wait[], scope: Scope, call: () => void): void => {
  const startedAtMs = performance.now();
  const standing = new Set(waits);
  let alarm: Alarm | undefined;
  const arm = () => {
    alarm?.cancel();
    const waitMs = [...standing].reduce((sum, { forMs }) => sum + forMs, 0);
    alarm = scope.after(startedAtMs + waitMs - performance.now(), over);
  };
  const over = () => {
    for (const forget of watches) forget();
    call();
  };
  const watches = waits.map((wait) =>
    wait.by.onGone(() => {
      standing.delete(wait);
      arm();
    }),
  );
  for (const forget of watches) scope.defer(forget);
  arm();
};
