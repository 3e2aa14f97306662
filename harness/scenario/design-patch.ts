import { z } from 'zod';
import { type Field, type WrittenName, type WrittenOf, writtenName } from '../serving/design/field.ts';
import type { DesignPatch } from '../serving/design/patch.ts';
import { policies } from '../serving/design/policies.ts';
import type { LimitPolicy, Policy, SettingsPolicy } from '../serving/design/policy.ts';
import { shown } from './explain.ts';
import { duration, rate, share } from './units.ts';

type Policies = typeof policies;

type WrittenPolicy<One extends Policy> = One extends LimitPolicy
  ? false | string
  : One extends SettingsPolicy<infer Settings, infer CanBeOff>
    ?
        | { readonly [Key in keyof Settings as WrittenName<Key>]?: WrittenOf<Settings[Key]> | undefined }
        | (CanBeOff extends true ? false : never)
    : never;

/** What a scenario file may say of a design: only what differs. A unit stands in the value: `after: 150ms` is `afterMs: 150` of a `Design`. */
export type DesignPatchFile = {
  readonly [Name in keyof Policies as WrittenName<Name>]?: WrittenPolicy<Policies[Name]> | undefined;
};

const atLeast = (type: string, min: number): string =>
  type === 'duration' ? `${min}ms` : type === 'share' ? `${min * 100}%` : `${min}`;

const range = <Schema extends z.ZodType<number>>(schema: Schema, { type, min, max }: Extract<Field, { readonly min: number }>) =>
  schema
    .refine((value) => value >= min, {
      error: type === 'duration' && min === 1 ? 'expected more than 0s' : `expected at least ${atLeast(type, min)}`,
    })
    .refine((value) => value <= max, `expected at most ${atLeast(type, max)}`);

const NAME = /^[A-Za-z0-9][\w./-]{0,127}$/;

const schemaOf = (field: Field): z.ZodType => {
  switch (field.type) {
    case 'duration':
      return range(duration, field);
    case 'rate':
      return range(rate, field);
    case 'share':
      return range(share, field);
    case 'count':
      return z.number().int().min(field.min).max(field.max);
    case 'number':
      return z.number().min(field.min).max(field.max);
    case 'flag':
      return z.boolean();
    case 'choice':
      return z.enum(field.options);
    case 'list':
      return z
        .array(z.enum(field.options))
        .min(1)
        .refine((items) => new Set(items).size === items.length, 'expected each once');
    case 'name':
      return z.string().regex(NAME, 'expected a name of letters, digits, -, _, . and /');
  }
};

const renamedBack =
  (keys: readonly string[]) =>
  (settings: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const byWritten = new Map(keys.map((key) => [writtenName(key), key]));
    return Object.fromEntries(Object.entries(settings).map(([written, value]) => [byWritten.get(written)!, value]));
  };

const settingsSchema = ({ settings, canBeOff }: SettingsPolicy): z.ZodType => {
  const shape = Object.fromEntries(
    Object.entries(settings).map(([key, field]) => [writtenName(key), schemaOf(field).optional().describe(field.summary)]),
  );
  const mapping = z.strictObject(shape).transform(renamedBack(Object.keys(settings)));
  if (!canBeOff) return mapping;
  return z.union([z.literal(false), mapping], {
    error: ({ input }) => `expected false, or a mapping with any of ${Object.keys(shape).join(', ')}, got ${shown(input)}`,
  });
};

const limitSchema = ({ value }: LimitPolicy): z.ZodType =>
  z.union([z.literal(false), schemaOf(value)], {
    error: ({ input }) => `expected false, or a duration with its unit, such as 800ms, got ${shown(input)}`,
  });

const policySchema = (policy: Policy): z.ZodType =>
  (policy.kind === 'limit' ? limitSchema(policy) : settingsSchema(policy)).optional().describe(policy.summary);

const entries: readonly (readonly [string, Policy])[] = Object.entries(policies);

/** The schema of `DesignPatchFile`, derived from the table of policies. */
export const designPatch = z
  .strictObject(Object.fromEntries(entries.map(([name, policy]) => [writtenName(name), policySchema(policy)])))
  .transform(renamedBack(entries.map(([name]) => name))) as unknown as z.ZodType<DesignPatch, DesignPatchFile>;
