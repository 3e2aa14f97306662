import { type Design, type PolicyName, policies } from './policies.ts';
import { defaultsOf, type Policy } from './policy.ts';

/**
 * Changes of a design. A policy's object changes only the parts that it names, and switches a policy on that is off; `false` switches it off.
 * Lists are replaced as a whole.
 */
export type DesignPatch = {
  readonly [Name in PolicyName]?: PatchOf<Design[Name]> | undefined;
};

type PatchOf<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Part in keyof Value]?: Value[Part] | undefined }
    : Value;

type Settings = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parts that the patch names with a value; `undefined` is no value. */
const named = (patch: object): readonly (readonly [string, unknown])[] =>
  Object.entries(patch).filter(([, value]) => value !== undefined);

const refuseUnknown = (key: string, known: object, path: string) => {
  if (!Object.hasOwn(known, key)) {
    throw new TypeError(`Design patch: there is no ${path}${key}; there are ${Object.keys(known).join(', ')}.`);
  }
};

const patchPolicy = (name: string, policy: Policy, current: unknown, patch: unknown): unknown => {
  if (patch === false) {
    if (!policy.canBeOff) throw new TypeError(`Design patch: ${name} cannot be switched off.`);
    return false;
  }
  const off = policy.canBeOff ? 'false or ' : '';
  if (policy.kind === 'limit') {
    if (typeof patch !== 'number') throw new TypeError(`Design patch: ${name} takes ${off}a number.`);
    return patch;
  }
  if (!isObject(patch)) throw new TypeError(`Design patch: ${name} takes ${off}an object.`);
  const changes = named(patch);
  for (const [part] of changes) refuseUnknown(part, policy.settings, `${name}.`);
  return { ...((current || defaultsOf(policy)) as Settings), ...Object.fromEntries(changes) };
};

/**
 * A design with changes. Values are taken as they are: the scenario's schema checks them.
 * @throws {TypeError} with the path, for a policy or part that does not exist, or a policy that cannot be switched off
 */
export const applyPatch = (design: Design, patch: DesignPatch): Design => {
  const patched: Record<string, unknown> = { ...design };
  for (const [name, value] of named(patch)) {
    refuseUnknown(name, policies, '');
    patched[name] = patchPolicy(name, policies[name as PolicyName], design[name as PolicyName], value);
  }
  return patched as unknown as Design;
};
