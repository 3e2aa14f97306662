import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';
import type { FaultKind } from '../../faults/kind.ts';
import type { SettingRange } from '../../scenario/scenario.ts';
import { duration, rate, share } from '../../scenario/units.ts';
import { formatDuration } from '../schedule.ts';
import { maybe } from './maybe.ts';
import { roundSteps } from './steps.ts';

/** Settings of a kind, as scenario files write them. */
export type Settings = Readonly<Record<string, unknown>>;

/** As far as the walk reads a schema's definition. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: unknown;
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/** A quantity with a unit of its own: how it is read, written, and how large it is where nobody says. */
interface Quantity {
  readonly schema: z.ZodType<number>;
  readonly write: (value: number) => string | number;
  readonly min: number;
  readonly max: number;
}

const quantities: readonly Quantity[] = [
  { schema: duration, write: formatDuration, min: 50, max: 3000 },
  { schema: share, write: (value) => `${Math.round(value * 10_000) / 100}%`, min: 0.05, max: 1 },
  { schema: rate, write: (value) => `${value}/s`, min: 1, max: 100 },
];

/** A refined schema is a clone, with the same transform inside. */
const quantityOf = (schema: z.ZodType): Quantity | undefined =>
  quantities.find((quantity) => definitionOf(quantity.schema).out === definitionOf(schema).out);

/** Index into round values: fast-check's integers shrink to the first, the smallest. */
const stepped = (min: number, max: number, write: (value: number) => unknown): Arbitrary<unknown> => {
  const steps = roundSteps(min, Math.max(min, max));
  return fc.nat(steps.length - 1).map((index) => write(steps[index]!));
};

/** Largest number where a schema has no bound. */
const MAX_NUMBER = 100;

const numberArbitrary = (schema: z.ZodType, range: SettingRange): Arbitrary<unknown> => {
  const { minValue, maxValue, format } = schema as unknown as z.ZodNumber;
  const isWhole = format === 'safeint' || format === 'int32' || format === 'uint32';
  const given = (bound: string | number | undefined, fallback: number | null, otherwise: number) =>
    bound !== undefined ? Number(bound) : fallback !== null && Number.isFinite(fallback) ? fallback : otherwise;
  const min = Math.max(0, given(range.min, minValue, 0));
  const max = Math.min(given(range.max, maxValue, MAX_NUMBER), 1e6);
  return stepped(min, max, (value) => (isWhole ? Math.round(value) : value));
};

const quantityArbitrary = ({ schema, write, min, max }: Quantity, range: SettingRange): Arbitrary<unknown> => {
  const lowest = range.min === undefined ? min : schema.parse(range.min);
  const highest = range.max === undefined ? Math.max(max, lowest) : schema.parse(range.max);
  return stepped(Math.min(lowest, highest), highest, write);
};

/** How each sort of schema is made; a sort that is not listed is left out of settings. */
const makers: Readonly<Record<string, (schema: z.ZodType, range: SettingRange) => Arbitrary<unknown> | undefined>> = {
  enum: (schema) => fc.constantFrom(...Object.values(definitionOf(schema).entries ?? {})),
  literal: (schema) => fc.constantFrom(...(definitionOf(schema).values ?? [])),
  boolean: () => fc.boolean(),
  number: numberArbitrary,
  union(schema, range) {
    const made = (definitionOf(schema).options ?? []).flatMap((option) => make(option, range) ?? []);
    return made.length > 0 ? fc.oneof(...made) : undefined;
  },
  pipe(schema, range) {
    const inner = definitionOf(schema).in;
    return inner && make(inner, range);
  },
};

const make = (schema: z.ZodType, range: SettingRange): Arbitrary<unknown> | undefined => {
  if (range.only) return fc.constantFrom(...range.only);
  const quantity = quantityOf(schema);
  return quantity ? quantityArbitrary(quantity, range) : makers[definitionOf(schema).type]?.(schema, range);
};

const OPTIONAL = new Set(['optional', 'default', 'prefault', 'nullable']);

/** One in so many schedules leaves a setting to its default. */
const LEFT_OUT_ONE_IN = 4;

/** @returns undefined when the sort of setting is not known, and it can be left out */
const settingArbitrary = (name: string, given: z.ZodType, range: SettingRange): Arbitrary<unknown> | undefined => {
  let schema = given;
  let canBeLeftOut = false;
  for (let inner = definitionOf(schema); OPTIONAL.has(inner.type) && inner.innerType; inner = definitionOf(schema)) {
    schema = inner.innerType;
    canBeLeftOut = true;
  }
  const made = make(schema, range);
  if (!made && !canBeLeftOut)
    throw new TypeError(`The setting ${name} is of a sort that explore cannot make up: ${definitionOf(schema).type}.`);
  // Shrinks to being left out, which is simplest; where the scenario restricts the setting its default may lie outside.
  return made && canBeLeftOut && !isRestricted(range) ? maybe(made, LEFT_OUT_ONE_IN) : made;
};

const isRestricted = (range: SettingRange): boolean => 'isFromScenario' in range;

/**
 * Drops what the kind's own rules refuse: settings that the chosen mode does not read, or that contradict each other. It drops rather than
 * draws again, so that shrinking stays within reach.
 */
const accepted = (kind: FaultKind, drawn: Settings): Settings => {
  let settings = Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined));
  for (;;) {
    const result = kind.settings.safeParse(settings);
    if (result.success) return settings;
    const refused = result.error.issues.map(({ path }) => String(path[0])).filter((name) => Object.hasOwn(settings, name));
    if (refused.length === 0) return {};
    settings = Object.fromEntries(Object.entries(settings).filter(([name]) => !refused.includes(name)));
  }
};

/**
 * Settings of a fault kind, made up from its schema: choices, and round values of durations, shares, rates and numbers. Smaller, and
 * left to the default, is simpler.
 * @param ranges what the scenario says, by setting; it goes before what the kind's file says
 */
export const settingsArbitrary = (kind: FaultKind, ranges: Readonly<Record<string, SettingRange>> = {}): Arbitrary<Settings> => {
  const made = Object.entries(kind.settings.shape).flatMap(([name, schema]) => {
    const own = ranges[name];
    const range = own ? { ...kind.explore?.[name], ...own, isFromScenario: true } : { ...kind.explore?.[name] };
    const arbitrary = settingArbitrary(`${kind.kind}.${name}`, schema as z.ZodType, range);
    return arbitrary ? [[name, arbitrary] as const] : [];
  });
  return fc.record(Object.fromEntries(made)).map((drawn) => accepted(kind, drawn));
};
