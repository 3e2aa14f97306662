import type { FailureCondition } from '../../control.ts';

/**
 * An error of Key Vault: `{"error":{"code","message","innererror":{"code"}}}`. Sources: "Azure Key Vault REST API error codes" (statuses, the challenge),
 * tests of Azure's SDK for JavaScript ("Operation get is not allowed on a disabled secret."), searched November 2026. The words of the others, and
 * the inner codes, are as clients know them.
 */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, inner?: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = inner;
    this.headers = headers;
  }

  toResponse(): Response {
    const { code, message, inner, status, headers } = this;
    const error = { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) };
    return Response.json({ error }, { status, headers });
  }
}

export const badParameter = (message: string): VaultError => new VaultError(400, 'BadParameter', message);
export const notFound = (name: string): VaultError =>
  new VaultError(
    404,
    'KeyNotFound',
    `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command.`,
  );
/** @param operation e.g. `wrapKey` */
export const keyDisabled = (operation: string): VaultError =>
  new VaultError(403, 'Forbidden', `Operation ${operation} is not allowed on a disabled key.`, 'KeyDisabled');
/** @param operation e.g. `wrapKey` @param why e.g. `an expired key` */
export const notNow = (operation: string, why: string): VaultError =>
  new VaultError(403, 'Forbidden', `Operation ${operation} is not allowed on ${why}.`, 'KeyNotYetValidOrExpired');
export const notPermitted = (operation: string): VaultError =>
  new VaultError(403, 'Forbidden', `Operation ${operation} is not permitted on this key.`, 'KeyOperationForbidden');
/** @param action e.g. `Microsoft.KeyVault/vaults/keys/wrap/action` */
export const forbidden = (clientId: string, action: string): VaultError =>
  new VaultError(
    403,
    'Forbidden',
    `Caller is not authorized to perform action on resource. Caller: appid=${clientId} Action: '${action}' Assignment: (not found)`,
    'ForbiddenByRbac',
  );
export const deletedButRecoverable = (name: string): VaultError =>
  new VaultError(
    409,
    'Conflict',
    `Key ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`,
    'ObjectIsDeletedButRecoverable',
  );
export const throttled = (): VaultError =>
  new VaultError(
    429,
    'Throttled',
    'Request was not processed because too many requests were received. Please retry later.',
    undefined,
    {
      'retry-after': '1',
    },
  );

/** The challenge by which Azure's clients learn whom to ask for a token, and for what. */
export const unauthorized = (tenantId: string, message: string): VaultError =>
  new VaultError(401, 'Unauthorized', message, undefined, {
    'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`,
  });

const FAILURES: Readonly<Record<FailureCondition, () => VaultError>> = {
  unavailable: () => new VaultError(503, 'ServiceUnavailable', 'The service is unavailable.'),
  internal: () => new VaultError(500, 'InternalServerError', 'An internal error occurred.'),
  throttled,
  'model-error': () => new VaultError(500, 'InternalServerError', 'An internal error occurred.'),
};

/** What a vault answers when it fails. */
export const vaultFailure = (condition: FailureCondition): Response => FAILURES[condition]().toResponse();
