import { z } from 'zod';
import { wildcardPattern } from './wildcard.ts';

/** What a request has under a condition key; keys are in lower case, for policies may write them in any. Undefined where it has none. */
export type ConditionKeys = ReadonlyMap<string, string | undefined>;

const scalar = z.union([z.string(), z.boolean(), z.number()]).transform(String);

/** Operators, with keys, with values of which one must match. */
export const conditionSchema = z.record(
  z.string(),
  z.record(z.string(), z.union([scalar.transform((one) => [one]), z.array(scalar)])),
);

type Conditions = z.output<typeof conditionSchema>;

type Comparison = (actual: string, wanted: string) => boolean;

const isLike: Comparison = (actual, pattern) => wildcardPattern(pattern).test(actual);
const isEqual: Comparison = (actual, wanted) => actual === wanted;
const isEqualInAnyCase: Comparison = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();

/** `ArnEquals` and `ArnLike` do the same (IAM user guide, "Condition operators", read November 2026 in its edition of 2021). */
const OPERATORS: Readonly<Record<string, Comparison>> = {
  StringEquals: isEqual,
  StringEqualsIgnoreCase: isEqualInAnyCase,
  StringLike: isLike,
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: isEqualInAnyCase,
};

/** Where the key is missing these match: what is not there is not that. */
const NEGATED: Readonly<Record<string, Comparison>> = {
  StringNotEquals: isEqual,
  StringNotEqualsIgnoreCase: isEqualInAnyCase,
  StringNotLike: isLike,
  ArnNotEquals: isLike,
  ArnNotLike: isLike,
};

const isMet = (operator: string, actual: string | undefined, wanted: readonly string[], ifUnknown: boolean): boolean => {
  if (operator === 'Null') return wanted.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  const name = operator.replace(/IfExists$/, '');
  const isOptional = name !== operator;
  const negated = Object.hasOwn(NEGATED, name) ? NEGATED[name] : undefined;
  if (negated) return actual === undefined || !wanted.some((value) => negated(actual, value));
  const comparison = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!comparison) return ifUnknown;
  return actual === undefined ? isOptional : wanted.some((value) => comparison(actual, value));
};

/**
 * Whether all conditions of a statement are met.
 * @param ifUnknown what an operator that is not known here counts as
 */
export const areConditionsMet = (conditions: Conditions, keys: ConditionKeys, ifUnknown: boolean): boolean =>
  Object.entries(conditions).every(([operator, wanted]) =>
    Object.entries(wanted).every(([key, values]) => isMet(operator, keys.get(key.toLowerCase()), values, ifUnknown)),
  );
