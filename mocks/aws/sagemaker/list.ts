import { AwsError } from '../errors.ts';
import type { ListInput } from './inputs.ts';

interface Listed {
  readonly name: string;
  readonly createdAt: Date;
  readonly modifiedAt?: Date;
  readonly status?: string;
}

const KEYS: Readonly<Record<ListInput['SortBy'], (item: Listed) => string | number>> = {
  Name: ({ name }) => name,
  CreationTime: ({ createdAt }) => createdAt.getTime(),
  Status: ({ status = '' }) => status,
};

const isWithin = (atMs: number, after: number | undefined, before: number | undefined): boolean =>
  atMs > (after ?? Number.NEGATIVE_INFINITY) && atMs < (before ?? Number.POSITIVE_INFINITY);

/**
 * One page of what a List call asks for.
 * @param list whose token is taken, and no other's
 * @throws {AwsError} `ValidationException` for a token that none gave out
 */
export const listPage = <Item extends Listed>(
  items: readonly Item[],
  input: ListInput,
  list: string,
): { readonly items: readonly Item[]; readonly NextToken: string | undefined } => {
  const key = KEYS[input.SortBy];
  const direction = input.SortOrder === 'Ascending' ? 1 : -1;
  const matching = items
    .filter(
      (item) =>
        item.name.includes(input.NameContains ?? '') &&
        isWithin(item.createdAt.getTime(), input.CreationTimeAfter, input.CreationTimeBefore) &&
        isWithin((item.modifiedAt ?? item.createdAt).getTime(), input.LastModifiedTimeAfter, input.LastModifiedTimeBefore) &&
        (input.StatusEquals === undefined || item.status === input.StatusEquals),
    )
    .sort((a, b) => (key(a) < key(b) ? -direction : Number(key(a) > key(b)) * direction));
  const start = input.NextToken === undefined ? 0 : readToken(input.NextToken, list);
  const end = start + input.MaxResults;
  return { items: matching.slice(start, end), NextToken: end < matching.length ? btoa(`${list}:${end}`) : undefined };
};

const readToken = (token: string, list: string): number => {
  let text = '';
  try {
    text = atob(token);
  } catch {
    // Refused below.
  }
  const [name, start = ''] = text.split(':');
  if (name !== list || !/^\d{1,9}$/.test(start))
    throw new AwsError('ValidationException', 400, { message: 'Invalid pagination token.' });
  return Number(start);
};
