/** What a field of a price can be compared with. */
export type FilterValue = string | number | boolean;

const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const FUNCTIONS = ['contains', 'startswith', 'endswith'] as const;

export type FilterOperator = (typeof OPERATORS)[number];
export type FilterFunction = (typeof FUNCTIONS)[number];

/** A test of one field. */
export type FieldTest =
  | { readonly type: 'compare'; readonly field: string; readonly operator: FilterOperator; readonly value: FilterValue }
  | { readonly type: 'call'; readonly name: FilterFunction; readonly field: string; readonly value: string };

/** An OData `$filter`, as a tree. */
export type PriceFilter =
  | FieldTest
  | { readonly type: 'and'; readonly left: PriceFilter; readonly right: PriceFilter }
  | { readonly type: 'or'; readonly left: PriceFilter; readonly right: PriceFilter };

/** The filter is not one that the service takes. */
export class BadFilter extends Error {
  override readonly name = 'BadFilter';
}

/**
 * Comparisons that the service takes in one filter; it refuses more with 400, as it does `not` and `in`.
 * Source: measurements of the public service by its users, found in their repositories; October 2026.
 */
const TESTS_LIMIT = 20;

/** A string ('' is a quote in it), a word, a number, or a bracket or comma. */
const TOKEN = /\s*('(?:[^']|'')*'|[A-Za-z][A-Za-z0-9]*|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[(),])/iy;

const tokenize = (text: string): readonly string[] => {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  for (let rest = text.trimEnd(), at = 0; at < rest.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const token = pattern.exec(rest)?.[1];
    if (token === undefined) throw new BadFilter(`unreadable at character ${at}`);
    tokens.push(token);
  }
  return tokens;
};

/** Reads tokens one by one. */
interface Cursor {
  /** The token that is next, or the one after it; undefined past the end. */
  peek(offset?: 0 | 1): string | undefined;
  /** @throws {BadFilter} past the end, or when the token is not the one that must stand here */
  take(expected?: string): string;
}

const createCursor = (tokens: readonly string[]): Cursor => {
  let at = 0;
  return {
    peek: (offset = 0) => tokens[at + offset],
    take(expected) {
      const token = tokens[at];
      if (token === undefined || (expected !== undefined && token !== expected)) {
        throw new BadFilter(`expected ${expected ?? 'more'}, got ${token ?? 'the end'}`);
      }
      at += 1;
      return token;
    },
  };
};

const isOneOf = <Name extends string>(names: readonly Name[], token: string | undefined): token is Name =>
  (names as readonly (string | undefined)[]).includes(token);

const readField = (cursor: Cursor): string => {
  const field = cursor.take();
  if (!/^[A-Za-z]/.test(field)) throw new BadFilter(`expected a field, got ${field}`);
  return field;
};

const readValue = (cursor: Cursor): FilterValue => {
  const token = cursor.take();
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (/^-?\d/.test(token)) return Number(token);
  throw new BadFilter(`expected a value, got ${token}`);
};

const readCall = (cursor: Cursor, name: FilterFunction): FieldTest => {
  cursor.take(name);
  cursor.take('(');
  const field = readField(cursor);
  cursor.take(',');
  const value = readValue(cursor);
  if (typeof value !== 'string') throw new BadFilter(`${name} takes a string`);
  cursor.take(')');
  return { type: 'call', name, field, value };
};

const readComparison = (cursor: Cursor): FieldTest => {
  const field = readField(cursor);
  const operator = cursor.take();
  if (!isOneOf(OPERATORS, operator)) throw new BadFilter(`expected an operator, got ${operator}`);
  return { type: 'compare', field, operator, value: readValue(cursor) };
};

const readTerm = (cursor: Cursor): PriceFilter => {
  const token = cursor.peek();
  if (token === '(') {
    cursor.take('(');
    const inner = readChain(cursor, 'or');
    cursor.take(')');
    return inner;
  }
  return isOneOf(FUNCTIONS, token) && cursor.peek(1) === '(' ? readCall(cursor, token) : readComparison(cursor);
};

const readChain = (cursor: Cursor, type: 'and' | 'or'): PriceFilter => {
  const readNext = () => (type === 'or' ? readChain(cursor, 'and') : readTerm(cursor));
  let left = readNext();
  while (cursor.peek() === type) {
    cursor.take(type);
    left = { type, left, right: readNext() };
  }
  return left;
};

const countTests = (filter: PriceFilter): number => ('left' in filter ? countTests(filter.left) + countTests(filter.right) : 1);

/**
 * Reads a filter: comparisons and the string functions, joined by `and` (binds tighter) and `or`, grouped by brackets.
 * @throws {BadFilter}
 */
export const parsePriceFilter = (text: string): PriceFilter => {
  const cursor = createCursor(tokenize(text));
  const filter = readChain(cursor, 'or');
  if (cursor.peek() !== undefined) throw new BadFilter(`unexpected ${cursor.peek()}`);
  if (countTests(filter) > TESTS_LIMIT) throw new BadFilter(`more than ${TESTS_LIMIT} comparisons`);
  return filter;
};
