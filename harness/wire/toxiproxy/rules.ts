import { type HttpRule, type HttpRuleSource, parseHttpRules } from '../http/rules/rule.ts';
import { badRules } from './api-error.ts';
import { type JsonValue, toPlain } from './json-value.ts';

/** The rules of a proxy with `"protocol": "http"`. */
export interface Rules {
  /** As they were written. */
  list(): readonly HttpRuleSource[];
  /** All of them at once; those that stay as they were keep their counts. @throws {ApiError} 400; then nothing has changed */
  set(document: JsonValue): void;
  clear(): void;
}

/** @param onChange is told the rules in force, whenever they change */
export const createRules = (onChange: (rules: readonly HttpRule[]) => void): Rules => {
  let rules: readonly HttpRule[] = [];
  const put = (next: readonly HttpRule[]) => {
    rules = next;
    onChange(next);
  };
  return {
    list: () => rules.map(({ source, name }) => ({ name, ...source })),
    set(document) {
      const parsed = parseHttpRules(toPlain(document));
      if (!parsed.rules) throw badRules(parsed.problems);
      put(parsed.rules);
    },
    clear() {
      if (rules.length > 0) put([]);
    },
  };
};
