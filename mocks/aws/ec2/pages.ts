import { ec2Error } from '../wire/validation.ts';

/**
 * A page of a list. The token says where the next begins, and of what list it is, so that no other operation's token is taken.
 * @throws {AwsError} `InvalidNextToken`
 */
export const pageOf = <Item>(
  items: readonly Item[],
  list: string,
  maxResults: number | undefined,
  token: string | undefined,
): { readonly items: readonly Item[]; readonly nextToken: string | undefined } => {
  const start = token === undefined || token === '' ? 0 : readToken(list, token);
  const end = maxResults === undefined ? items.length : start + maxResults;
  return { items: items.slice(start, end), nextToken: end < items.length ? btoa(`${list}:${end}`) : undefined };
};

const readToken = (list: string, token: string): number => {
  let text = '';
  try {
    text = atob(token);
  } catch {
    // Refused below.
  }
  const [name, start = ''] = text.split(':');
  if (name !== list || !/^\d{1,9}$/.test(start)) throw ec2Error('InvalidNextToken', 'The token is not valid.');
  return Number(start);
};
