import { forgeToken, type InferenceError } from '../../support/huggingface.ts';
import type { Credential } from '../case.ts';

/** Another token of the same form. */
export const forge = (credential: Credential): Credential => ({
  ...credential,
  accessToken: forgeToken(credential.accessToken ?? ''),
});

/** The name of the class that `@huggingface/inference` throws. */
export const codeOf = (error: unknown): string => (error as InferenceError).name;

export const statusOf = (error: unknown): number => (error as InferenceError).httpResponse?.status;
