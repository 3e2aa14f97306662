import { z } from 'zod';
import { matchesPattern } from '../../../faults/pattern.ts';
import { httpMethod } from '../../../faults/request-selector.ts';
import { PROTOCOLS } from '../faults/fault.ts';
import type { RequestFacts } from './request-facts.ts';

/** Which requests a rule is for: all that is named must fit. */
export const matchSettings = z.strictObject({
  method: z
    .union([httpMethod, z.array(httpMethod).min(1)])
    .optional()
    .describe('One, or a list.'),
  path: z
    .string()
    .startsWith('/', { error: ({ input }) => `expected a path that starts with /, got ${JSON.stringify(input)}` })
    .optional()
    .describe('Without the query; * is anything but /, ** anything.'),
  headers: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe('Name and value of each; * in a value is anything. One of several lines of a name is enough.'),
  grpc: z
    .string()
    .regex(/^[\w.]+(?:\/(?:\w+|\*))?$/, {
      error: ({ input }) => `expected package.Service or package.Service/Method, got ${JSON.stringify(input)}`,
    })
    .optional()
    .describe('A service, or one of its methods: package.Service or package.Service/Method.'),
  protocol: z.enum(PROTOCOLS).optional().describe('What it comes by. A gRPC call is h2 too, a WebSocket http/1.1.'),
});

export type MatchSettings = z.output<typeof matchSettings>;

export type Matcher = (facts: RequestFacts) => boolean;

const literal = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

const pathGlob = (glob: string): RegExp =>
  new RegExp(
    `^${glob.replace(/\*\*|\*|[^*]+/g, (part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : literal(part)))}$`,
    's',
  );

/** @param pattern of the value */
const hasHeader = (headers: readonly string[], name: string, pattern: string): boolean => {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]!.toLowerCase() === name && matchesPattern(pattern, headers[at + 1]!)) return true;
  }
  return false;
};

export const createMatcher = (match: MatchSettings): Matcher => {
  const tests: Matcher[] = [];
  const { method, path, headers, grpc, protocol } = match;
  if (protocol) tests.push((facts) => facts.protocols.includes(protocol));
  if (method) {
    const methods = [method].flat();
    tests.push((facts) => methods.includes(facts.method));
  }
  if (path) {
    const pattern = pathGlob(path);
    tests.push((facts) => pattern.test(facts.path.split('?', 1)[0]!));
  }
  if (grpc) {
    const pattern = pathGlob(`/${grpc.includes('/') ? grpc : `${grpc}/*`}`);
    tests.push((facts) => facts.protocols.includes('grpc') && pattern.test(facts.path));
  }
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    tests.push((facts) => hasHeader(facts.headers, lower, value));
  }
  return (facts) => tests.every((test) => test(facts));
};
