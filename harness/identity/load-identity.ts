import type { LoadIdentity } from '../load/identity/load-identity.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { mintHostile } from './hostile-tokens.ts';
import { intrusionsOf } from './intrusions.ts';
import { callerId } from './names.ts';
import { type RunIdentity, tenantsOf } from './run-identity.ts';

export interface LoadIdentityOptions {
  /** Where the callers reach the issuer: an origin. */
  readonly origin: string;
  /** Whether hostile requests are mixed in: not where somebody else's system is tested. */
  readonly isProbed: boolean;
  /** `Date.now()`. */
  readonly nowMs: number;
}

/** What the load of a run is told: its callers' secrets, and what it should get no answer with. */
export const loadIdentityOf = async (
  identity: RunIdentity,
  { load, faults }: Pick<Scenario, 'load' | 'faults'>,
  { origin, isProbed, nowMs }: LoadIdentityOptions,
): Promise<LoadIdentity> => {
  const secretOf = (id: string) => identity.directory.clients.find((client) => client.id === id)!.secret;
  return {
    tokenEndpoint: `${origin}/token`,
    callers: tenantsOf(load).map((tenant) => ({ tenant, id: callerId(tenant), secret: secretOf(callerId(tenant)) })),
    ...(isProbed ? { hostile: await mintHostile(identity, load, nowMs), intrusions: intrusionsOf(faults) } : {}),
  };
};
