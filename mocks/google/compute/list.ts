import { invalidField } from './error.ts';

type Resource = Readonly<Record<string, unknown>>;

const MAX_RESULTS = 500;

const valueAt = (resource: Resource, path: string): string => {
  let value: unknown = resource;
  for (const part of path.split('.')) value = typeof value === 'object' && value !== null ? (value as Resource)[part] : undefined;
  return value === undefined ? '' : String(value);
};

const escapeRegExp = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

const COMPARISON = /^\(?\s*([A-Za-z][\w.-]*)\s*(!=|=|\beq\b|\bne\b)\s*("(?:[^"\\]|\\.)*"|[^\s()]+)\s*\)?$/;

/** One comparison: `=` and `!=` know `*` as a wildcard, `eq` and `ne` take a regular expression. @throws {ComputeError} */
const comparison = (text: string, filter: string): ((resource: Resource) => boolean) => {
  const bad = () => invalidField('filter', filter, 'Invalid list filter expression.');
  const [, field = '', operator = '', quoted = ''] = COMPARISON.exec(text.trim()) ?? [];
  if (field === '') throw bad();
  const value = quoted.startsWith('"') ? quoted.slice(1, -1) : quoted;
  const isRegularExpression = operator === 'eq' || operator === 'ne';
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${isRegularExpression ? value : escapeRegExp(value).replaceAll('*', '.*')})$`);
  } catch {
    throw bad();
  }
  const isWanted = operator === '=' || operator === 'eq';
  return (resource) => pattern.test(valueAt(resource, field)) === isWanted;
};

/** Comparisons that all hold: joined by `AND`, or in parentheses side by side. */
const parseFilter = (filter: string): ((resource: Resource) => boolean) => {
  const all = filter.split(/\s+AND\s+|(?<=\))\s*(?=\()/).map((text) => comparison(text, filter));
  return (resource) => all.every((holds) => holds(resource));
};

/** One page of a list, and the token of the next. */
export interface Page {
  readonly items: readonly Resource[];
  readonly nextPageToken?: string;
}

const encodeToken = (offset: number): string => btoa(`offset:${offset}`);

const decodeToken = (token: string): number => {
  let text = '';
  try {
    text = atob(token);
  } catch {
    // Not a token: it is refused with the others.
  }
  const offset = /^offset:(\d+)$/.exec(text)?.[1];
  if (offset === undefined) throw invalidField('pageToken', token, 'Invalid pageToken.');
  return Number(offset);
};

/** Filters, orders and pages resources as `filter`, `orderBy`, `maxResults` and `pageToken` say. @throws {ComputeError} */
export const paginate = (resources: readonly Resource[], query: URLSearchParams): Page => {
  const size = Number(query.get('maxResults') ?? MAX_RESULTS);
  if (!Number.isInteger(size) || size < 0 || size > MAX_RESULTS) {
    throw invalidField('maxResults', query.get('maxResults'), `Values must be within the range: [0, ${MAX_RESULTS}]`);
  }
  const orderBy = query.get('orderBy') ?? '';
  if (!['', 'name', 'creationTimestamp desc'].includes(orderBy)) throw invalidField('orderBy', orderBy, 'Invalid orderBy.');
  const filter = query.get('filter') ?? '';
  const found = filter === '' ? [...resources] : resources.filter(parseFilter(filter));
  if (orderBy === 'creationTimestamp desc') found.reverse();
  else found.sort((one, other) => (valueAt(one, 'name') < valueAt(other, 'name') ? -1 : 1));
  const token = query.get('pageToken') ?? '';
  const offset = token === '' ? 0 : decodeToken(token);
  const end = offset + (size === 0 ? MAX_RESULTS : size);
  return { items: found.slice(offset, end), ...(end < found.length ? { nextPageToken: encodeToken(end) } : {}) };
};
