import {
  BadFilter,
  type FieldTest,
  type FilterFunction,
  type FilterOperator,
  type FilterValue,
  type PriceFilter,
} from './price-filter.ts';

/** A price as a filter sees it. */
export type Filterable = Readonly<Record<string, FilterValue>>;

const COMPARE: Readonly<Record<FilterOperator, (actual: FilterValue, expected: FilterValue) => boolean>> = {
  eq: (actual, expected) => actual === expected,
  ne: (actual, expected) => actual !== expected,
  gt: (actual, expected) => actual > expected,
  ge: (actual, expected) => actual >= expected,
  lt: (actual, expected) => actual < expected,
  le: (actual, expected) => actual <= expected,
};

const CALL: Readonly<Record<FilterFunction, (actual: string, part: string) => boolean>> = {
  contains: (actual, part) => actual.includes(part),
  startswith: (actual, part) => actual.startsWith(part),
  endswith: (actual, part) => actual.endsWith(part),
};

/** Names that a filter has for a field, beside the field's own. */
const ALIASES: Readonly<Record<string, string>> = { priceType: 'type' };

const passes = (price: Filterable, test: FieldTest, isCaseSensitive: boolean): boolean => {
  const field = ALIASES[test.field] ?? test.field;
  const actual = Object.hasOwn(price, field) ? price[field] : undefined;
  if (actual === undefined || typeof actual !== typeof test.value) {
    throw new BadFilter(`there is no ${typeof test.value} field ${test.field}`);
  }
  const fold = <Value extends FilterValue>(value: Value) =>
    typeof value === 'string' && !isCaseSensitive ? (value.toLowerCase() as Value) : value;
  return test.type === 'call'
    ? CALL[test.name](fold(`${actual}`), fold(test.value))
    : COMPARE[test.operator](fold(actual), fold(test.value));
};

/**
 * Whether a price passes the filter.
 * @param isCaseSensitive of strings
 * @throws {BadFilter} for a field that prices don't have, or a value of another type than the field's
 */
export const matchesFilter = (price: Filterable, filter: PriceFilter, isCaseSensitive: boolean): boolean => {
  if (filter.type === 'compare' || filter.type === 'call') return passes(price, filter, isCaseSensitive);
  // Both sides are always looked at: a wrong field is an error wherever it stands.
  const left = matchesFilter(price, filter.left, isCaseSensitive);
  const right = matchesFilter(price, filter.right, isCaseSensitive);
  return filter.type === 'and' ? left && right : left || right;
};
