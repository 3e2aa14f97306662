import type { Fault } from '../../faults/kind.ts';
import type { ServiceLink } from '../../topology/link.ts';
import { type HttpRule, parseHttpRules } from '../http/rules/rule.ts';
import type { ActiveFault } from './active-fault.ts';

/** A scenario's `*` is anything, the rules' own stops at a slash; and every path begins with one. */
const toPath = (pattern: string): string => pattern.replaceAll('*', '**').replace(/^\*\*/, '/**');

const ruleOf = (
  { name, probability, requests = {} }: Fault,
  fault: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const { method, path, header, every, first } = requests;
  return {
    name,
    match: {
      ...(method ? { method: [...method] } : {}),
      ...(path === undefined ? {} : { path: toPath(path) }),
      ...(header ? { headers: header } : {}),
    },
    ...(every === undefined ? {} : { every }),
    ...(first === undefined ? {} : { first }),
    probability,
    fault,
  };
};

/** Rules of the faults that act on HTTP as it is written, for a link. @throws {TypeError} for a fault that its kind should have refused */
export const httpRulesOf = (actives: readonly ActiveFault[], link: ServiceLink): readonly HttpRule[] => {
  const sources = actives.flatMap(({ fault, effect }) => (effect.http ? [ruleOf(fault, effect.http(link))] : []));
  const parsed = parseHttpRules(sources);
  if ('rules' in parsed && parsed.rules) return parsed.rules;
  throw new TypeError(`no rules: ${JSON.stringify(parsed)}`);
};
