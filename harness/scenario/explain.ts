import type { z } from 'zod';
import { nearestNames } from '../nearest-names.ts';

const MAX_SHOWN = 60;

/** A value as a message shows it. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
};

/** What zod calls the types, in the words of a reader of YAML. */
const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

type Explanations = {
  readonly [Code in z.core.$ZodRawIssue['code']]?: (issue: Extract<z.core.$ZodRawIssue, { code: Code }>) => string | undefined;
};

const bounded = (issue: { readonly origin: string; readonly input?: unknown }, limit: string): string =>
  issue.origin === 'string'
    ? `expected ${limit} characters, got ${shown(issue.input)}`
    : issue.origin === 'array' || issue.origin === 'object'
      ? `expected ${limit} ${limit.endsWith(' 1') ? 'entry' : 'entries'}`
      : `expected ${limit}, got ${shown(issue.input)}`;

const explanations: Explanations = {
  invalid_type: ({ expected, input }) => {
    const noun = NOUNS[expected] ?? expected;
    return input === undefined ? `is missing; expected ${noun}` : `expected ${noun}, got ${shown(input)}`;
  },
  invalid_value: ({ values, input }) => {
    const known = values.map(String);
    const choice = known.length === 1 ? known[0] : `one of ${known.join(', ')}`;
    return input === undefined
      ? `is missing; expected ${choice}`
      : `expected ${choice}, got ${shown(input)}.${nearestNames(String(input), known)}`.replace(/\.$/, '');
  },
  too_small: (issue) => bounded(issue, `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`),
  too_big: (issue) => bounded(issue, `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`),
  // One line a key: problem.ts gives each its own place.
  unrecognized_keys: ({ keys, inst }) => keys.map((key) => unknownName('setting', key, shapeKeys(inst))).join('\n'),
};

const shapeKeys = (schema: z.core.$ZodType | z.core.$ZodCheck | undefined): readonly string[] =>
  Object.keys((schema?._zod.def as Partial<z.core.$ZodObjectDef> | undefined)?.shape ?? {});

/** E.g. `no setting is called "fro". Did you mean "for"? Settings: at, for, ...`. */
export const unknownName = (what: string, name: string, known: readonly string[]): string => {
  const list = known.length === 0 ? `There is no ${what} here.` : `Known: ${known.join(', ')}.`;
  return `no ${what} is called "${name}".${nearestNames(name, known)} ${list}`;
};

/** Puts zod's issues into words; undefined leaves an issue to zod. */
export const explain: z.core.$ZodErrorMap = (issue) =>
  (explanations[issue.code] as ((issue: z.core.$ZodRawIssue) => string | undefined) | undefined)?.(issue);
