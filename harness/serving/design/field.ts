/**
 * Settings of policies as data: their type with its unit, their default, their range. The type of a design, the schema of scenario files,
 * `squall list policies` and the knobs of `squall compare --sweep` are derived from these.
 */

/** How a setting's value is written in files, by its type: `250ms`, `50/s`, `95%`, a number, a word. */
interface Written {
  readonly duration: string;
  readonly rate: string | number;
  readonly share: string | number;
  readonly count: number;
  readonly number: number;
  readonly flag: boolean;
}

export type NumericType = 'duration' | 'rate' | 'share' | 'count' | 'number';

/** A number, in the unit that its key ends with: `Ms` for a duration, `PerS` for a rate; a share is 0..1. */
export interface NumericField<Type extends NumericType = NumericType> {
  readonly type: Type;
  /** One sentence. */
  readonly summary: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface FlagField {
  readonly type: 'flag';
  readonly summary: string;
  readonly default: boolean;
}

/** One of some words. */
export interface ChoiceField<Option extends string = string> {
  readonly type: 'choice';
  readonly summary: string;
  readonly default: Option;
  readonly options: readonly Option[];
}

/** Some of some words, in an order that counts; at least one, each once. */
export interface ListField<Option extends string = string> {
  readonly type: 'list';
  readonly summary: string;
  readonly default: readonly Option[];
  readonly options: readonly Option[];
}

/** A name that somebody gave, of letters, digits, `-`, `_`, `.` and `/`; empty where there is none. */
export interface NameField {
  readonly type: 'name';
  readonly summary: string;
  readonly default: string;
}

export type Field = NumericField | FlagField | ChoiceField | ListField | NameField;

/** What a design holds of a field. */
export type ValueOf<One extends Field> = One extends NumericField
  ? number
  : One extends FlagField
    ? boolean
    : One extends ChoiceField<infer Option>
      ? Option
      : One extends ListField<infer Option>
        ? readonly Option[]
        : string;

/** What a file holds of it. */
export type WrittenOf<One extends Field> = One extends NumericField<infer Type> ? Written[Type] : ValueOf<One>;

interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A day. */
const MAX_MS = 24 * 3_600_000;
const MAX_COUNT = 10_000;
const MAX_PER_S = 100_000;

/** Milliseconds; from 1 to a day where the range says nothing else. Its key ends with `Ms`. */
export const durationMs = (value: number, summary: string, { min = 1, max = MAX_MS }: Range = {}): NumericField<'duration'> => ({
  type: 'duration',
  summary,
  default: value,
  min,
  max,
});

/** A number a second, from 0 on. Its key ends with `PerS`. */
export const perS = (value: number, summary: string, { min = 0, max = MAX_PER_S }: Range = {}): NumericField<'rate'> => ({
  type: 'rate',
  summary,
  default: value,
  min,
  max,
});

/** 0..1. */
export const share = (value: number, summary: string, { min = 0, max = 1 }: Range = {}): NumericField<'share'> => ({
  type: 'share',
  summary,
  default: value,
  min,
  max,
});

/** A whole number, from 1 to 10,000 where the range says nothing else. */
export const count = (value: number, summary: string, { min = 1, max = MAX_COUNT }: Range = {}): NumericField<'count'> => ({
  type: 'count',
  summary,
  default: value,
  min,
  max,
});

/** Any number of the range, in the unit that its key ends with. */
export const number = (value: number, summary: string, { min, max }: Required<Range>): NumericField<'number'> => ({
  type: 'number',
  summary,
  default: value,
  min,
  max,
});

export const flag = (value: boolean, summary: string): FlagField => ({ type: 'flag', summary, default: value });

export const choice = <const Option extends string>(
  options: readonly Option[],
  value: NoInfer<Option>,
  summary: string,
): ChoiceField<Option> => ({ type: 'choice', summary, default: value, options });

export const list = <const Option extends string>(
  options: readonly Option[],
  value: readonly NoInfer<Option>[],
  summary: string,
): ListField<Option> => ({ type: 'list', summary, default: value, options });

export const name = (value: string, summary: string): NameField => ({ type: 'name', summary, default: value });

/** A key in the form of files, where the unit stands in the value: `afterMs` is `after`, `budgetMinPerS` is `budgetMin`. */
export const writtenName = (key: string): string => key.replace(/(?:Ms|PerS)$/, '');

/** The same, of a key as a type. */
export type WrittenName<Key> = Key extends `${infer Base}Ms` ? Base : Key extends `${infer Base}PerS` ? Base : Key;

const inMsOrS = (ms: number): string => (ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);

/** A value in the form of files. */
export const writtenValue = (field: Field, value: unknown): string => {
  if (field.type === 'duration') return inMsOrS(value as number);
  if (field.type === 'rate') return `${value}/s`;
  if (field.type === 'share') return `${Math.round((value as number) * 1e6) / 1e4}%`;
  return Array.isArray(value) ? value.join(', ') : String(value);
};
