import { SquallError } from '../errors.ts';
import { type NumericField, writtenValue } from '../serving/design/field.ts';
import type { DesignPatch } from '../serving/design/patch.ts';
import { findKnob, type Knob, settingOf, suggestKnobs, valueIn } from './knob.ts';

/** A knob with the values that it is to have, one after the other. */
export interface Sweep {
  readonly knob: Knob;
  readonly values: readonly SweepValue[];
}

export interface SweepValue {
  /** In the form of files: `500ms`. */
  readonly written: string;
  readonly patch: DesignPatch;
}

/** Values of one knob at most. */
export const MAX_VALUES = 50;
/** A range of whole numbers that is no longer than this is taken number by number. */
const EACH_UP_TO = 24;
/** Values of any other range without `/n`. */
const DEFAULT_VALUES = 6;

const FORM =
  'Write --sweep knob=from..to, knob=from..to/count or knob=value,value; `squall list policies` has the knobs, and values are written as in scenario files.';

const bad = (text: string, what: string, remedy: string = FORM): SquallError =>
  new SquallError('BAD_FLAG', `--sweep ${text}: ${what}${/[.?]$/.test(what) ? '' : '.'}`, remedy);

const isNumeric = (field: Knob['field']): field is NumericField => field !== undefined && 'min' in field;

/** Evenly spaced from end to end, both included, each as exact as files write it. */
const spaced = (field: NumericField, from: number, to: number, count: number): readonly string[] => {
  const exact = Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
  const texts = exact.map((value) => {
    if (field.type === 'count' || field.type === 'duration') return writtenValue(field, Math.round(value));
    return writtenValue(field, Number(value.toPrecision(4)));
  });
  return [...new Set(texts)];
};

const readRange = (text: string, knob: Knob, range: RegExpExecArray): readonly string[] => {
  const { field } = knob;
  if (!isNumeric(field)) throw bad(text, `${knob.path} has no range; give its values, separated by commas`);
  const [from, to] = [range[1]!, range[2]!].map((end) => {
    const setting = settingOf(knob, end.trim());
    if (setting.problem !== undefined) throw bad(text, setting.problem);
    return valueIn(knob, setting.patch) as number | false;
  }) as [number | false, number | false];
  if (from === false || to === false) throw bad(text, 'a range goes from a value to a value; `off` can stand in a list only');
  if (from >= to) throw bad(text, 'a range goes from the smaller value to the larger');
  const isShort = field.type === 'count' && to - from < EACH_UP_TO;
  const count = range[3] === undefined ? (isShort ? to - from + 1 : DEFAULT_VALUES) : Number(range[3]);
  if (count < 2) throw bad(text, 'a range has two values at least');
  if (count > MAX_VALUES) throw bad(text, `${count} values; a sweep takes at most ${MAX_VALUES} of a knob`);
  return spaced(field, from, to, count);
};

/**
 * Reads what `--sweep` was given: `circuitBreaker.consecutiveFailures=3..20`, `deadline=500ms..2s/5`, `hedging=off,on`.
 * @throws {SquallError} `BAD_FLAG` for an unknown knob, or values that it cannot have
 */
export const parseSweep = (text: string): Sweep => {
  const equals = text.indexOf('=');
  const [name, values] = equals === -1 ? [text.trim(), ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
  const knob = findKnob(name);
  if (!knob) {
    const { near, known } = suggestKnobs(name);
    throw bad(
      text,
      `no setting of designs is called "${name}".${near}`,
      `Known: ${known.join(', ')}. All: squall list policies.`,
    );
  }
  if (values === '') throw bad(text, 'it has no values');
  const range = /^(.+?)\.\.(.+?)(?:\/(\d+))?$/.exec(values);
  const written = range ? readRange(text, knob, range) : [...new Set(values.split(',').map((value) => value.trim()))];
  if (written.length > MAX_VALUES) throw bad(text, `${written.length} values; a sweep takes at most ${MAX_VALUES} of a knob`);
  return {
    knob,
    values: written.map((value) => {
      const setting = settingOf(knob, value);
      if (setting.problem !== undefined) throw bad(text, setting.problem);
      return { written: value, patch: setting.patch };
    }),
  };
};
