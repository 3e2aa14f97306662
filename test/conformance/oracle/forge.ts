import { generateKeyPairSync } from 'node:crypto';
import type { Credential } from '../case.ts';

/** The user's names, and a key of somebody else. */
export const forgeSigningKey = (credential: Credential): Credential => ({
  ...credential,
  privateKey: generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey,
});

/** A clock that is further behind than the five minutes that Oracle allows: to it, what is signed has expired. */
export const LATE_MS = -6 * 60_000;
