import type { Field, ValueOf } from './field.ts';

/** Settings by their key in a design. */
export type Fields = Readonly<Record<string, Field>>;

/** A policy with settings. In a design it is an object of them, or `false` where it can be off. */
export interface SettingsPolicy<Settings extends Fields = Fields, CanBeOff extends boolean = boolean> {
  readonly kind: 'settings';
  /** One sentence: what it does. */
  readonly summary: string;
  readonly settings: Settings;
  readonly canBeOff: CanBeOff;
  /** Whether the reference design has it on. */
  readonly isOn: boolean;
  /** Other names of it, and of its settings, that people use: `breaker`, `breaker.threshold`. */
  readonly aliases: Aliases;
}

/** A policy that is one number. In a design it is that, or `false`. */
export interface LimitPolicy {
  readonly kind: 'limit';
  readonly summary: string;
  readonly value: Field & { readonly type: 'duration' };
  readonly canBeOff: true;
  readonly isOn: boolean;
  readonly aliases: Aliases;
}

export type Policy = SettingsPolicy | LimitPolicy;

/** @see SettingsPolicy.aliases */
export interface Aliases {
  readonly policy: readonly string[];
  /** By what people say, the key of the setting. */
  readonly settings: Readonly<Record<string, string>>;
}

type SettingsOf<Settings extends Fields> = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> };

/** What a design holds of a policy. */
export type PolicyValue<One extends Policy> = One extends LimitPolicy
  ? false | number
  : One extends SettingsPolicy<infer Settings, infer CanBeOff>
    ? CanBeOff extends true
      ? false | SettingsOf<Settings>
      : SettingsOf<Settings>
    : never;

interface PolicyOptions {
  readonly summary: string;
  /** True when left out. */
  readonly isOn?: boolean;
  readonly aliases?: Partial<Aliases>;
}

const completed = ({ summary, isOn = true, aliases = {} }: PolicyOptions) => ({
  summary,
  isOn,
  aliases: { policy: aliases.policy ?? [], settings: aliases.settings ?? {} },
});

/** A policy that a design can do without. */
export const definePolicy = <const Settings extends Fields>(
  options: PolicyOptions & { readonly settings: Settings },
): SettingsPolicy<Settings, true> => ({
  kind: 'settings',
  ...completed(options),
  settings: options.settings,
  canBeOff: true,
});

/** A policy that every design has. */
export const defineChoice = <const Settings extends Fields>(
  options: Omit<PolicyOptions, 'isOn'> & { readonly settings: Settings },
): SettingsPolicy<Settings, false> => ({
  kind: 'settings',
  ...completed(options),
  settings: options.settings,
  canBeOff: false,
});

/** A limit that a design can do without. Its key ends with `Ms`. */
export const defineLimit = (options: PolicyOptions & { readonly value: LimitPolicy['value'] }): LimitPolicy => ({
  kind: 'limit',
  ...completed(options),
  value: options.value,
  canBeOff: true,
});

/** The settings of a policy as they are when nothing is said. */
export const defaultsOf = (policy: Policy): unknown =>
  policy.kind === 'limit'
    ? policy.value.default
    : Object.fromEntries(Object.entries(policy.settings).map(([key, field]) => [key, field.default]));
