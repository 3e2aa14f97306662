import { type Design, type PolicyName, policies, policyNames } from '../../harness/serving/design/policies.ts';
import { defaultsOf } from '../../harness/serving/design/policy.ts';

/** Every policy that a design may do without, off, and the others as they are by default. */
export const everythingOff = Object.fromEntries(
  policyNames.map((name) => [name, policies[name].canBeOff ? false : defaultsOf(policies[name])]),
) as unknown as Design;

type OffPolicy = { readonly [Name in PolicyName]: false extends Design[Name] ? Name : never }[PolicyName];

/** Every policy that a design may do without, off: as a patch. */
export const policiesOff = Object.fromEntries(
  policyNames.filter((name) => policies[name].canBeOff).map((name) => [name, false]),
) as unknown as { readonly [Name in OffPolicy]: false };
