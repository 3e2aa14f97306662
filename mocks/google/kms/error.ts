import { type ErrorDetail, errorInfo, errorResponse, type GoogleStatus } from '../errors.ts';

/**
 * An error of Cloud KMS. Words of a version that is not enabled: sethvargo/vault-on-gke issue 56; of a decryption that fails: issue 32 there; both
 * searched November 2026. The others are as clients know them.
 */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly status: GoogleStatus;
  readonly details: readonly ErrorDetail[];

  constructor(status: GoogleStatus, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.status = status;
    this.details = details;
  }

  toResponse(): Response {
    return errorResponse(this.status, this.message, this.details);
  }
}

export const invalid = (message: string): KmsError => new KmsError('INVALID_ARGUMENT', message);
export const notFound = (kind: string, name: string): KmsError => new KmsError('NOT_FOUND', `${kind} ${name} not found.`);
export const exists = (kind: string, name: string): KmsError => new KmsError('ALREADY_EXISTS', `${kind} ${name} already exists.`);
export const notEnabled = (name: string, state: string): KmsError =>
  new KmsError('FAILED_PRECONDITION', `${name} is not enabled, current state is: ${state}.`);
export const denied = (permission: string, resource: string): KmsError =>
  new KmsError('PERMISSION_DENIED', `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`, [
    errorInfo('IAM_PERMISSION_DENIED', 'cloudkms.googleapis.com', { permission, resource }),
  ]);
