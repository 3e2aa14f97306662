import { createRandom } from '../../../random.ts';
import { createMatcher, type Matcher } from './match.ts';
import type { RequestFacts } from './request-facts.ts';
import type { HttpRule } from './rule.ts';

/** A rule that touches a request, with that request's draws. */
export interface SelectedRule {
  readonly rule: HttpRule;
  random(): number;
  /** Calls when the rule is taken away; returns what undoes that. */
  onGone(call: () => void): () => void;
}

/** The rules in force, and how often each has met a request. */
export interface RuleBook {
  readonly rules: readonly HttpRule[];
  /** Rules that are as they were keep their counts and their time; what those that are gone hold back is let go. */
  set(rules: readonly HttpRule[]): void;
  /** Rules that touch this request, in their order. Counts it. */
  select(facts: RequestFacts): readonly SelectedRule[];
}

interface Entry {
  readonly rule: HttpRule;
  readonly text: string;
  readonly matches: Matcher;
  readonly setAtMs: number;
  readonly gone: Set<() => void>;
  matched: number;
  chosen: number;
}

const open = (rule: HttpRule): Entry => ({
  rule,
  text: JSON.stringify([rule.name, rule.source]),
  matches: createMatcher(rule.match),
  setAtMs: performance.now(),
  gone: new Set(),
  matched: 0,
  chosen: 0,
});

/** The draws of a rule's n-th request depend on seed, rule and n alone. */
export const createRuleBook = (seed: number): RuleBook => {
  let entries: readonly Entry[] = [];

  const choose = (entry: Entry, facts: RequestFacts): SelectedRule | undefined => {
    const { rule } = entry;
    if (!rule.kind.protocols.some((protocol) => facts.protocols.includes(protocol)) || !entry.matches(facts)) return undefined;
    const sinceMs = performance.now() - entry.setAtMs - rule.afterMs;
    if (sinceMs < 0 || sinceMs >= (rule.forMs ?? Number.POSITIVE_INFINITY)) return undefined;
    entry.matched += 1;
    if (entry.matched % rule.every !== 0) return undefined;
    entry.chosen += 1;
    if (entry.chosen > (rule.first ?? Number.POSITIVE_INFINITY)) return undefined;
    const random = createRandom(seed, rule.name, String(entry.chosen));
    if (random() >= rule.probability) return undefined;
    return {
      rule,
      random,
      onGone(call) {
        entry.gone.add(call);
        return () => void entry.gone.delete(call);
      },
    };
  };

  return {
    get rules() {
      return entries.map(({ rule }) => rule);
    },
    set(rules) {
      const earlier = entries;
      entries = rules.map((rule) => {
        const next = open(rule);
        return earlier.find(({ text }) => text === next.text) ?? next;
      });
      for (const entry of earlier) if (!entries.includes(entry)) for (const call of [...entry.gone]) call();
    },
    select(facts) {
      return entries.flatMap((entry) => choose(entry, facts) ?? []);
    },
  };
};
