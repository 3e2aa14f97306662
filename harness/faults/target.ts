import { z } from 'zod';
import type { ServiceLink } from '../topology/link.ts';
import { matchesPattern } from './pattern.ts';

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
 * @param pattern `provider/region/service`: `*` matches any run of characters within a part, missing parts match all; nodes of the stack are
 * matched by `stack` alone, written out
 */
export const matchesTarget = (pattern: string, link: ServiceLink): boolean => {
  const parts = pattern.split('/');
  // What means every provider does not mean the stack's own nodes.
  if (link.provider === 'stack' && parts[0] !== 'stack') return false;
  return parts.length <= PARTS.length && parts.every((part, index) => matchesPattern(part, link[PARTS[index]!]));
};

/** Whether the target says which service it means. */
export const namesService = (pattern: string): boolean => !['*', undefined].includes(pattern.split('/')[2]);

/** A target in words, e.g. `aws, region us-east-1, every service`. */
export const describeTarget = (pattern: string): string => {
  const parts = pattern.split('/');
  return PARTS.map((name, index) => {
    const part = parts[index] ?? '*';
    if (part === '*') return `every ${name}`;
    return name === 'provider' ? part : `${name} ${part}`;
  }).join(', ');
};
