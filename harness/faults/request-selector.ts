import { z } from 'zod';
import { matchesPattern } from './pattern.ts';

/** What a selector looks at of a request. */
export interface RequestHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Several values of a name joined, as Fetch has them; null where there is none. */
  header(name: string): string | null;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** In capitals, as it is written or not. */
export const httpMethod = z
  .string()
  .regex(TOKEN, 'expected an HTTP method, such as POST')
  .transform((text) => text.toUpperCase());

/** Which requests on a link a fault touches: those that match all that is given, and of these the ones that are counted out. */
export const requestSelector = z
  .strictObject({
    method: z
      .union([httpMethod, z.array(httpMethod).min(1)])
      .transform((one) => (Array.isArray(one) ? one : [one]))
      .optional()
      .describe('An HTTP method, or a list of them.'),
    path: z
      .string()
      .regex(/^[/*][^?#]*$/, 'expected a path without a query, such as /endpoints/*/invocations')
      .optional()
      .describe('Path of the URL; * stands for any characters.'),
    header: z
      .record(z.string().regex(TOKEN, 'expected the name of a header'), z.string())
      .optional()
      .describe(
        'Headers by name, with their value, in which * stands for any characters, or none; an empty one is of a header that is there and empty. All of them must match.',
      ),
    every: z.int().min(1).optional().describe('Of the requests that match, every nth on a link: with 3 the third, the sixth ...'),
    first: z.int().min(1).optional().describe('Only the first n of these on a link.'),
  })
  .refine((selector) => Object.keys(selector).length > 0, {
    error: 'expected at least one of method, path, header, every, first',
  });

export type RequestSelector = z.output<typeof requestSelector>;

/** Counts the requests of one link. */
export interface RequestPicker {
  /** Whether this request, the next one on the link, is touched. */
  picks(head: RequestHead): boolean;
}

const matches = ({ method, path, header = {} }: RequestSelector, head: RequestHead): boolean =>
  (method?.includes(head.method.toUpperCase()) ?? true) &&
  (path === undefined || matchesPattern(path, head.path)) &&
  Object.entries(header).every(([name, pattern]) => {
    const value = head.header(name);
    return value !== null && matchesPattern(pattern, value);
  });

/** @param selector left out, every request is picked */
export const createRequestPicker = (selector: RequestSelector | undefined): RequestPicker => {
  if (!selector) return { picks: () => true };
  const { every = 1, first = Number.POSITIVE_INFINITY } = selector;
  let matched = 0;
  let picked = 0;
  return {
    picks(head) {
      if (picked >= first || !matches(selector, head)) return false;
      matched += 1;
      if (matched % every !== 0) return false;
      picked += 1;
      return true;
    },
  };
};
