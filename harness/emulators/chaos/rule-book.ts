import { createRandom } from '../../random.ts';
import {
  errorOf,
  type FaultRule,
  isForCall,
  isForEndpoint,
  type NetworkEffects,
  type ServiceCall,
  type SimulatedError,
  textOf,
} from './rule.ts';

/** The rules that hold, in their order, and the draws of each. */
export interface RuleBook {
  rules(): readonly FaultRule[];
  /** These hold instead of the others; their draws begin anew. */
  set(rules: readonly FaultRule[]): void;
  /** These hold too, after the others. One that holds already stays where it is, once. */
  add(rules: readonly FaultRule[]): void;
  /** Those that are exactly so hold no more. */
  remove(rules: readonly FaultRule[]): void;
  effects(): NetworkEffects;
  setEffects(effects: NetworkEffects): void;
  /** Whether some rule could be for requests of this service and region. */
  canFail(call: Omit<ServiceCall, 'operation'>): boolean;
  /** Whether it takes the operation to tell. */
  asksForOperation(call: Omit<ServiceCall, 'operation'>): boolean;
  /**
   * Error that the request is answered with; undefined when no rule fails it. The first rule that matches and whose draw falls below its
   * probability is the one; a rule whose draw does not leaves the request to the next ones.
   */
  failureOf(call: ServiceCall): SimulatedError | undefined;
}

interface Entry {
  readonly rule: FaultRule;
  readonly text: string;
  random(): number;
}

/** @param seed of the draws: the n-th of a rule depends on seed, rule and n alone */
export const createRuleBook = (seed: number): RuleBook => {
  let entries: readonly Entry[] = [];
  let effects: NetworkEffects = { latency: 0 };
  const enter = (rule: FaultRule): Entry => {
    const text = textOf(rule);
    return { rule, text, random: createRandom(seed, 'chaos', text) };
  };

  return {
    rules: () => entries.map(({ rule }) => rule),
    set(rules) {
      entries = rules.map(enter);
    },
    add(rules) {
      const standing = new Set(entries.map(({ text }) => text));
      entries = [...entries, ...rules.map(enter).filter(({ text }) => !standing.has(text))];
    },
    remove(rules) {
      const leaving = new Set(rules.map(textOf));
      entries = entries.filter(({ text }) => !leaving.has(text));
    },
    effects: () => effects,
    setEffects(given) {
      effects = given;
    },
    canFail: (call) => entries.some(({ rule }) => isForEndpoint(rule, call)),
    asksForOperation: (call) => entries.some(({ rule }) => rule.operation !== undefined && isForEndpoint(rule, call)),
    failureOf(call) {
      const found = entries.find(({ rule, random }) => isForCall(rule, call) && random() < (rule.probability ?? 1));
      return found && errorOf(found.rule);
    },
  };
};
