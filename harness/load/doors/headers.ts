import type { AnswerHeaders } from '../lane.ts';
import type { Marks } from './door.ts';

/** A header's value, whatever the case of its name; empty when there is none. @param wanted in lower case */
export const headerOf = (headers: AnswerHeaders, wanted: string): string => {
  const own = headers[wanted];
  if (own !== undefined) return String(own);
  for (const name in headers) if (name.length === wanted.length && name.toLowerCase() === wanted) return String(headers[name]);
  return '';
};

/** What headers, or metadata, say of an answer. */
export const marksIn = (headers: AnswerHeaders): Omit<Marks, 'status'> => ({
  servedBy: headerOf(headers, 'x-squall-served-by'),
  degraded: headerOf(headers, 'x-squall-degraded'),
  version: headerOf(headers, 'x-squall-model-version'),
});
