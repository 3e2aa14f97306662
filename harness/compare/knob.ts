import { byNearness, nearestNames } from '../nearest-names.ts';
import { designPatch } from '../scenario/design-patch.ts';
import { explain } from '../scenario/explain.ts';
import { problemsOf } from '../scenario/problem.ts';
import { type Field, writtenName } from '../serving/design/field.ts';
import type { DesignPatch } from '../serving/design/patch.ts';
import { type PolicyName, policies, policyNames } from '../serving/design/policies.ts';
import type { Policy } from '../serving/design/policy.ts';

/** A setting of designs, as files name it: what a sweep turns. */
export interface Knob {
  /** E.g. `circuitBreaker.consecutiveFailures`, `deadline`; `hedging` alone is the policy, on or off. */
  readonly path: string;
  readonly policy: PolicyName;
  /** Key of the setting; absent for a policy that is one number, and for a policy as a whole. */
  readonly setting?: string;
  /** Absent for a policy as a whole. */
  readonly field?: Field;
}

const LISTED = 8;

const policyOf = (name: PolicyName): Policy => policies[name];

const knobsOf = (name: PolicyName): readonly Knob[] => {
  const policy = policyOf(name);
  const path = writtenName(name);
  if (policy.kind === 'limit') return [{ path, policy: name, field: policy.value }];
  const settings = Object.entries(policy.settings).map(([setting, field]) => ({
    path: `${path}.${writtenName(setting)}`,
    policy: name,
    setting,
    field,
  }));
  return policy.canBeOff ? [{ path, policy: name }, ...settings] : settings;
};

/** Every knob, in the order of the table of policies. */
export const knobs: readonly Knob[] = policyNames.flatMap(knobsOf);

/** What else people call a knob: `breaker.threshold`, or by the keys of a design, `deadlineMs`. */
const otherNames = ({ policy: name, setting }: Knob): readonly string[] => {
  const { aliases } = policyOf(name);
  const first = [writtenName(name), name, ...aliases.policy];
  if (setting === undefined) return first;
  const said = Object.entries(aliases.settings).filter(([, key]) => key === setting);
  const second = [writtenName(setting), setting, ...said.map(([alias]) => alias)];
  return first.flatMap((policy) => second.map((part) => `${policy}.${part}`));
};

/** The knob with that name, by the words of files, a design's keys or the aliases of policies. */
export const findKnob = (name: string): Knob | undefined =>
  knobs.find(({ path }) => path === name) ?? knobs.find((knob) => otherNames(knob).includes(name));

/** Knobs of the policy that the name begins with, else the nearest by letters. */
const related = (name: string): readonly string[] => {
  const [policy] = name.split('.');
  const of = knobs.filter(
    (knob) => knob.setting !== undefined && otherNames({ path: '', policy: knob.policy }).includes(policy!),
  );
  return of.length > 0
    ? of.map(({ path }) => path)
    : byNearness(
        name,
        knobs.map(({ path }) => path),
      ).slice(0, LISTED);
};

/** Two sentences for an unknown name: which is near, and which there are. */
export const suggestKnobs = (name: string): { readonly near: string; readonly known: readonly string[] } => ({
  near: nearestNames(
    name,
    knobs.flatMap((knob) => [knob.path, ...otherNames(knob)]),
  ),
  known: related(name),
});

const isNumeral = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text);

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false, on: true, off: false };

/** A word of the command line as a file would hold it; what is of the wrong form is left to the schema. */
const fileValueOf = ({ field }: Knob, text: string): unknown => {
  switch (field?.type) {
    case 'duration':
    case 'choice':
    case 'name':
      return text;
    case 'flag':
      return FLAGS[text] ?? text;
    case 'list':
      return text.split('+');
    case undefined:
      // A policy as a whole: switched on, it has its settings as they are.
      return FLAGS[text] === true ? {} : (FLAGS[text] ?? text);
    default:
      return isNumeral(text) ? Number(text) : text;
  }
};

/** A value of a knob as a patch of designs, or what is wrong with it. */
export type KnobSetting =
  | { readonly patch: DesignPatch; readonly problem?: never }
  | { readonly problem: string; readonly patch?: never };

/** Reads a value in the form of scenario files, by their own schema: same units, same bounds, same words. */
export const settingOf = (knob: Knob, text: string): KnobSetting => {
  const isOff = knob.setting === undefined && FLAGS[text] === false && policyOf(knob.policy).canBeOff;
  const value = isOff ? false : fileValueOf(knob, text);
  const part = knob.setting === undefined ? value : { [writtenName(knob.setting)]: value };
  const parsed = designPatch.safeParse({ [writtenName(knob.policy)]: part }, { error: explain });
  if (parsed.success) return { patch: parsed.data };
  if (!knob.field) return { problem: `expected on or off, got "${text}"` };
  return { problem: problemsOf(parsed.error).map(({ message }) => message)[0]! };
};

/** What the patch sets the knob to. */
export const valueIn = ({ policy, setting }: Knob, patch: DesignPatch): unknown => {
  const value: unknown = patch[policy];
  return setting === undefined ? value : (value as Readonly<Record<string, unknown>>)[setting];
};
