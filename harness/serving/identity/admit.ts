import type { GatewayConfig } from '../config.ts';
import { Refused } from '../errors.ts';
import { createGuard, type Guard } from './guard.ts';
import { createIssuerClient } from './issuer-client.ts';

/** Where nobody asks who calls: everybody is whom they say they are. */
const OPEN: Guard = {
  admit: (_, { tenant = '' }) => ({ subject: '', tenant }),
  warm: async () => undefined,
};

/** Where it is asked, and nobody is told how it can be known. */
const SHUT: Guard = {
  admit() {
    throw new Refused('unauthenticated', 'The stack is told of no issuer whose tokens it could take.');
  },
  warm: async () => undefined,
};

/**
 * The guard of a design: open where it has none, shut where it is told of no issuer.
 * @param audience whom tokens have to be for; the gateway's callers' when left out
 */
export const guardOf = (
  { design, identity }: Pick<GatewayConfig, 'design' | 'identity'>,
  fetch: typeof globalThis.fetch,
  audience = identity?.audience,
): Guard => {
  if (design.identity === false) return OPEN;
  if (!identity || audience === undefined) return SHUT;
  return createGuard(design.identity, { issuer: identity.issuer, audience }, createIssuerClient(identity, fetch));
};
