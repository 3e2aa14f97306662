import { generateKeyPairSync } from 'node:crypto';
import { Status } from 'google-gax';
import type { Credential } from '../case.ts';

const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Signed with a key that the service account does not have. */
export const forge = (credential: Credential): Credential => ({
  ...credential,
  privateKeyPem: foreign.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});

/** The name of the status that google-gax throws as a number. */
export const codeOf = (error: unknown): string => Status[Number((error as { code?: unknown }).code)] ?? String(error);

/** What came over the wire; google-gax keeps it beside its own code. */
export const statusOf = (error: unknown): number => Number((error as { httpStatusCode?: unknown }).httpStatusCode);

/** Fails with what a good call gave, where that is not what it should be. */
export const check = (isRight: boolean, got: unknown): void => {
  if (!isRight) throw new Error(`an unexpected answer: ${JSON.stringify(got)}`);
};
