import { randomBytes } from 'node:crypto';
import { makeSigningJwk } from '../../../mocks/identity/signing-keys.ts';
import { mintIdentity, type RunIdentity } from '../../identity/run-identity.ts';
import type { RunPlan } from '../world.ts';

/** The issuer's first and next key, one more, and the one of whoever forges; further ones the issuer makes itself. */
const KEYS = 4;
const SECRET_BYTES = 32;

/** Fresh keys and secrets for a run, which die with it. */
export const liveIdentity = async ({ scenario }: Pick<RunPlan, 'scenario'>): Promise<RunIdentity> => {
  const keys = await Promise.all(Array.from({ length: KEYS }, makeSigningJwk));
  return mintIdentity(scenario.load, { keys, secret: () => randomBytes(SECRET_BYTES).toString('base64url') });
};
