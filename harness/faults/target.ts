import { z } from 'zod';
import type { ServiceLink } from '../topology/link.ts';

/** Parts of a target, in order; also what a missing or `*` part is called. */
const PARTS = ['provider', 'region', 'service'] as const;

const FORM = 'provider/region/service, where * stands for any characters within a part and parts left out at the end match all';

/** A target as scenario files hold it, e.g. `*`, `aws/us-*` or `google/us-central1/aiplatform`. */
export const targetPattern = z
  .string({ error: ({ input }) => `expected a target ${FORM}; got ${JSON.stringify(input) ?? 'nothing'}` })
  .regex(/^[a-z0-9*-]+(?:\/[a-z0-9*-]+){0,2}$/, {
    error: ({ input }) => `expected a target ${FORM}; got ${JSON.stringify(input)}`,
  });

/**
 * Whether the link is within the target.
 * @param pattern `provider/region/service`: `*` matches any run of characters within a part, missing parts match all
 */
export const matchesTarget = (pattern: string, link: ServiceLink): boolean => {
  const parts = pattern.split('/');
  return parts.length <= PARTS.length && parts.every((part, index) => matchesPart(part, link[PARTS[index]!]));
};

/**
 * Whether the text is the pattern's literal pieces in order with anything between. Each piece takes its first possible place, which
 * leaves the most room for the next, so that no backtracking is needed.
 */
const matchesPart = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === first;
  const last = rest.pop()!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
};

/** A target in words, e.g. `aws, region us-east-1, every service`. */
export const describeTarget = (pattern: string): string => {
  const parts = pattern.split('/');
  return PARTS.map((name, index) => {
    const part = parts[index] ?? '*';
    if (part === '*') return `every ${name}`;
    return name === 'provider' ? part : `${name} ${part}`;
  }).join(', ');
};
