import type { JWK } from 'jose';
import { mintIdentity, type RunIdentity } from '../../../identity/run-identity.ts';
import { createRandom } from '../../../random.ts';
import type { RunPlan } from '../../world.ts';
import { RSA_KEYS, rsaKey } from '../globals/rsa-keys.ts';

const KEYS = 6;
const BITS = 2048;

const hex = (random: () => number): string =>
  Array.from({ length: 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');

/** The same for the same seed. Keys are taken from the end of the sequence, and no draw is taken that somebody else would get. */
export const simIdentity = ({ scenario, seed }: Pick<RunPlan, 'scenario' | 'seed'>): RunIdentity => {
  const random = createRandom(seed, 'identity');
  const keys = Array.from({ length: KEYS }, (_, at) => rsaKey(RSA_KEYS - 1 - at, BITS).export({ format: 'jwk' }) as JWK);
  return mintIdentity(scenario.load, { keys, secret: () => hex(random) });
};
