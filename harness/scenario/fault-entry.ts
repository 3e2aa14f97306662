import { z } from 'zod';
import { faultKinds, findFaultKind } from '../faults/index.ts';
import type { FaultKind } from '../faults/kind.ts';
import { type RequestSelector, requestSelector } from '../faults/request-selector.ts';
import { targetPattern } from '../faults/target.ts';
import { explain, shown, unknownName } from './explain.ts';
import { name } from './name.ts';
import { type DocumentPath, problemsOf } from './problem.ts';
import { duration, share } from './units.ts';

const MAX_TARGETS = 32;

/** What every fault has; the settings of its kind stand beside these in the same mapping. */
const common = z.strictObject({
  kind: z.string(),
  name: name.optional(),
  target: z.union([targetPattern, z.array(targetPattern).min(1).max(MAX_TARGETS)], {
    error: ({ input }) =>
      input === undefined
        ? 'is missing; expected a target such as aws/us-east-1, or a list of them'
        : `expected a target such as aws/us-east-1, or a list of them, got ${shown(input)}`,
  }),
  at: duration,
  for: duration.refine((ms) => ms > 0, 'expected more than 0s'),
  probability: share.refine((share) => share > 0, 'expected more than 0%').prefault(1),
  requests: requestSelector.optional(),
});

/** Names of what every fault has. */
export const COMMON_SETTINGS: readonly string[] = Object.keys(common.shape);

/** A fault as a scenario file holds it: the common settings, and those of its kind (`squall list faults`). */
export type FaultEntry = z.input<typeof common> & { readonly [setting: string]: unknown };

/** A fault of a scenario file, checked; only its name may be missing still. */
export interface ParsedFault {
  readonly name: string | undefined;
  readonly kind: string;
  readonly targets: readonly string[];
  readonly atMs: number;
  readonly forMs: number;
  readonly probability: number;
  readonly requests: RequestSelector | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface Fields {
  readonly common: Record<string, unknown>;
  readonly own: Record<string, unknown>;
}

const split = (entry: object): Fields => {
  const fields: Fields = { common: {}, own: {} };
  for (const [key, value] of Object.entries(entry)) fields[Object.hasOwn(common.shape, key) ? 'common' : 'own'][key] = value;
  return fields;
};

const parse = (
  kind: FaultKind,
  fields: Fields,
  report: (path: DocumentPath, message: string, key?: string) => void,
): ParsedFault => {
  const shared = common.safeParse(fields.common, { error: explain });
  const known = [...COMMON_SETTINGS, ...Object.keys(kind.settings.shape)];
  // The kind's schema is strict itself, but knows its own settings only: a typo may as well be of a common one.
  const isKnown = ([key]: readonly [string, unknown]): boolean => Object.hasOwn(kind.settings.shape, key);
  const entries = Object.entries(fields.own);
  for (const [key] of entries.filter((entry) => !isKnown(entry))) report([key], unknownName('setting', key, known), key);
  const own = kind.settings.safeParse(Object.fromEntries(entries.filter(isKnown)), { error: explain });
  for (const result of [shared, own]) {
    for (const { path, message } of result.success ? [] : problemsOf(result.error)) report(path, message);
  }
  if (!shared.success || !own.success) return z.NEVER;
  const { name, target, at, for: forMs, probability, requests } = shared.data;
  const targets = typeof target === 'string' ? [target] : target;
  return { name, kind: kind.kind, targets, atMs: at, forMs, probability, requests, settings: own.data };
};

/** A fault in a scenario file. Which settings it may have is read off its kind, so that a new kind needs nothing here. */
export const faultEntry = z.unknown().transform((entry, context): ParsedFault => {
  const report = (path: DocumentPath, message: string, key?: string): void => {
    if (key === undefined) context.issues.push({ code: 'custom', path: [...path], message, input: entry });
    else
      context.issues.push({ code: 'unrecognized_keys', keys: [key], path: [], message, input: entry as Record<string, unknown> });
  };
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    report([], `expected a fault: a mapping with kind, target, at and for, got ${shown(entry)}`);
    return z.NEVER;
  }
  const fields = split(entry);
  const kinds = faultKinds.map(({ kind }) => kind);
  const kind = findFaultKind(String(fields.common.kind));
  if (kind) return parse(kind, fields, report);
  report(
    ['kind'],
    fields.common.kind === undefined
      ? `is missing; expected one of ${kinds.join(', ')}`
      : unknownName('fault kind', String(fields.common.kind), kinds),
  );
  return z.NEVER;
}) as unknown as z.ZodType<ParsedFault, FaultEntry>;
