/** Nothing that has to do with tokens is kept by whoever carries it (RFC 6749, section 5.1). */
export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Codes of RFC 6749, section 5.2, and RFC 8707, section 2. */
export type OauthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target';

/** An error of a token endpoint (RFC 6749, section 5.2). */
export const oauthError = (error: OauthErrorCode, description: string): Response =>
  Response.json(
    { error, error_description: description },
    error === 'invalid_client'
      ? { status: 401, headers: { ...NO_STORE, 'www-authenticate': 'Basic realm="token"' } }
      : { status: 400, headers: NO_STORE },
  );
