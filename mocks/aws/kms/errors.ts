import { AwsError } from '../errors.ts';
import type { KmsKey } from './key.ts';

/**
 * Errors of KMS. Names are of the service model 2014-11-01 (@aws-sdk/client-kms 3.1164). The words of `IncorrectKeyException` are in records of
 * CloudTrail and tests that public repositories hold (searched November 2026); those of the others are as clients know them.
 */
const kmsError = (code: string, message: string | null): AwsError => new AwsError(code, 400, { message });

export const notFound = (message: string): AwsError => kmsError('NotFoundException', message);
export const alreadyExists = (message: string): AwsError => kmsError('AlreadyExistsException', message);
export const unsupported = (message: string): AwsError => kmsError('UnsupportedOperationException', message);
export const limitExceeded = (message: string): AwsError => kmsError('LimitExceededException', message);
export const invalidState = (message: string): AwsError => kmsError('KMSInvalidStateException', message);
/** It has no words: what is wrong with a ciphertext is told nobody. */
export const invalidCiphertext = (): AwsError => kmsError('InvalidCiphertextException', null);
export const incorrectKey = (): AwsError =>
  kmsError('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can perform this operation.');
export const dryRun = (): AwsError =>
  kmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
export const throttled = (): AwsError =>
  kmsError('ThrottlingException', 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.');

/** Refuses a key that may not be used, or not be changed. @throws {AwsError} */
export const checkUsable = ({ state, arn }: KmsKey): void => {
  if (state === 'Disabled') throw kmsError('DisabledException', `${arn} is disabled.`);
  checkNotDeleting({ state, arn });
};

/** @throws {AwsError} `KMSInvalidStateException` */
export const checkNotDeleting = ({ state, arn }: Pick<KmsKey, 'state' | 'arn'>): void => {
  if (state === 'PendingDeletion') throw invalidState(`${arn} is pending deletion.`);
};
