import { z } from 'zod';
import { explain, unknownName } from '../../../scenario/explain.ts';
import { name } from '../../../scenario/name.ts';
import { formatPath, type Problem, problemsOf } from '../../../scenario/problem.ts';
import { duration, share } from '../../../scenario/units.ts';
import type { HttpFaultKind } from '../faults/fault.ts';
import { httpFaultKinds } from '../faults/index.ts';
import { type MatchSettings, matchSettings } from './match.ts';

/** Rules of one proxy at most. */
const MAX_RULES = 256;

const positive = duration.refine((ms) => ms > 0, 'expected more than 0s');
const atLeastOne = z.int().min(1);

/** All of a rule but its fault. How often: each of these that is named must let the request through, in this order. */
const common = z.strictObject({
  name: name.optional().describe('Unique among the rules of its proxy; made from its place when left out.'),
  match: matchSettings.prefault({}).describe('Which requests; all when left out.'),
  after: duration.prefault('0s').describe('In force so long after it was set.'),
  for: positive.optional().describe('In force for so long; until it is taken away when left out.'),
  every: atLeastOne.default(1).describe('Each n-th request that matches.'),
  first: atLeastOne.optional().describe('The first n of those only.'),
  probability: share.prefault(1).describe('Share of those that the fault touches.'),
});

/** A rule: which requests, how often, and what befalls them. */
export interface HttpRule {
  readonly name: string;
  readonly match: MatchSettings;
  readonly afterMs: number;
  /** Undefined is until the rule is taken away. */
  readonly forMs: number | undefined;
  readonly every: number;
  readonly first: number | undefined;
  /** 0 to 1. */
  readonly probability: number;
  readonly kind: HttpFaultKind;
  /** As the kind's schema gives them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** As its author wrote it, to be shown again. */
  readonly source: HttpRuleSource;
}

/** A rule as its author writes it: `{ match, first, fault: { type: 'status', status: 503 } }`. */
export type HttpRuleSource = z.input<typeof common> & {
  readonly fault: { readonly type: string; readonly [setting: string]: unknown };
};

/** The rules, or what is wrong with them: one sentence each, with the place. */
export type ParsedRules =
  | { readonly rules: readonly HttpRule[] }
  | { readonly rules?: undefined; readonly problems: readonly string[] };

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (base: Problem['path'], problems: readonly Problem[]): Problem[] =>
  problems.map((problem) => ({ ...problem, path: [...base, ...problem.path] }));

interface Fault {
  readonly kind: HttpFaultKind;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The kinds' own schemas say what a fault may hold, so that a new kind needs nothing here. */
const parseFault = (fault: unknown): Fault | readonly Problem[] => {
  const types = [...httpFaultKinds.keys()];
  const choice = `expected one of ${types.join(', ')}`;
  if (!isMapping(fault)) return [{ path: [], message: `is missing; expected a mapping with type: ${choice}` }];
  const { type, ...own } = fault;
  const kind = httpFaultKinds.get(String(type));
  if (!kind)
    return [
      { path: ['type'], message: type === undefined ? `is missing; ${choice}` : unknownName('fault', String(type), types) },
    ];
  const parsed = kind.settings.safeParse(own, { error: explain });
  if (!parsed.success) return problemsOf(parsed.error);
  const marks = ['afterBytes', 'afterEvents', 'afterMessages'].filter((mark) => own[mark] !== undefined);
  if (marks.length > 1) return [{ path: [], message: `expected one of ${marks.join(' and ')}, got both` }];
  return { kind, settings: parsed.data };
};

const parseRule = (source: unknown, index: number): HttpRule | readonly Problem[] => {
  if (!isMapping(source))
    return [{ path: [], message: 'expected a rule: a mapping with fault, and match where it is not for all requests' }];
  const { fault: rawFault, ...rest } = source;
  const shared = common.safeParse(rest, { error: explain });
  const fault = parseFault(rawFault);
  const problems = [...(shared.success ? [] : problemsOf(shared.error)), ...('kind' in fault ? [] : at(['fault'], fault))];
  if (!shared.success || !('kind' in fault)) return problems;
  const { name = `rule-${index + 1}`, match, after, for: forMs, every, first, probability } = shared.data;
  const { kind, settings } = fault;
  const asked = match.protocol ?? (match.grpc === undefined ? undefined : 'grpc');
  if (asked !== undefined && !canMeet(kind, asked)) {
    return [{ path: ['match'], message: `a ${kind.type} acts on ${kind.protocols.join(', ')}, and never on ${asked}` }];
  }
  return { name, match, afterMs: after, forMs, every, first, probability, kind, settings, source: source as HttpRuleSource };
};

/** A gRPC call is `h2` too, and a WebSocket `http/1.1`. */
const WIDER: Readonly<Record<string, string>> = { grpc: 'h2', websocket: 'http/1.1' };

const canMeet = ({ protocols }: HttpFaultKind, asked: string): boolean =>
  protocols.some((protocol) => protocol === asked || protocol === WIDER[asked] || WIDER[protocol] === asked);

/** Reads rules as a control API is given them: a list. */
export const parseHttpRules = (input: unknown): ParsedRules => {
  if (!Array.isArray(input)) return { problems: ['rules: expected a list of rules'] };
  if (input.length > MAX_RULES) return { problems: [`rules: expected at most ${MAX_RULES}, got ${input.length}`] };
  const parsed = input.map((source, index) => parseRule(source, index));
  const problems = parsed.flatMap((one, index) => ('kind' in one ? [] : at([index], one)));
  const rules = parsed.filter((one): one is HttpRule => 'kind' in one);
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    problems.push({ path: [names.lastIndexOf(twice), 'name'], message: `another rule is called "${twice}"` });
  if (problems.length === 0) return { rules };
  return { problems: problems.map(({ path, message }) => `rules${formatPath(path)}: ${message}`) };
};
