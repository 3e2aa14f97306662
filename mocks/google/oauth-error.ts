/** Errors of the OAuth 2.0 token endpoint (RFC 6749 section 5.2) that Google uses, and their HTTP statuses. */
const HTTP_STATUS = {
  invalid_request: 400,
  invalid_grant: 400,
  invalid_scope: 400,
  invalid_token: 400,
  unsupported_grant_type: 400,
  unauthorized_client: 401,
} as const;

export type OAuthErrorCode = keyof typeof HTTP_STATUS;

/** Google's form of a token endpoint error: `{"error","error_description"}`. */
export const oauthError = (error: OAuthErrorCode, description: string): Response =>
  Response.json({ error, error_description: description }, { status: HTTP_STATUS[error], headers: OAUTH_HEADERS });

/** Answers of the token endpoint are not to be stored (RFC 6749 section 5.1). */
export const OAUTH_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-cache, no-store, max-age=0',
};
