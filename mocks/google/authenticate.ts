import { errorInfo, errorResponse } from './errors.ts';
import type { GoogleApi } from './google-api.ts';
import { checkSelfSigned, type Presented } from './self-signed.ts';
import type { TokenService } from './token-service.ts';

/** Answers a request whose bearer token does not open the method; undefined lets it in. @param method e.g. `Predict` */
export type Authenticate = (request: Request, api: GoogleApi, method: string) => Promise<Response | undefined>;

const REALM = 'Bearer realm="https://accounts.google.com/"';

const EXPECTED =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. ' +
  'See https://developers.google.com/identity/sign-in/web/devconsole-project.';

const present = async (token: string, api: GoogleApi, request: Request, service: TokenService): Promise<Presented> => {
  const grant = service.accessTokens.find(token);
  if (grant) return { scopes: grant.scopes };
  if (token.split('.').length === 3 && !token.startsWith('ya29.')) {
    return checkSelfSigned(token, api, new URL(request.url).origin, service);
  }
  // An access token that is forgotten cannot be told from one that never was.
  return { refused: token.startsWith('ya29.') ? 'ACCESS_TOKEN_EXPIRED' : 'ACCESS_TOKEN_TYPE_UNSUPPORTED' };
};

/**
 * The check that stands before every Google API. Errors carry google.rpc.ErrorInfo with the reasons of
 * google/api/error_reason.proto, and `WWW-Authenticate` as RFC 6750 has it.
 */
export const createAuthenticate =
  (service: TokenService): Authenticate =>
  async (request, api, method) => {
    const details = (reason: string) => [
      errorInfo(reason, 'googleapis.com', { service: api.service, method: `${api.protoService}.${method}` }),
    ];
    const token = request.headers.get('authorization')?.match(/^Bearer +(\S+)$/i)?.[1];
    if (!token) {
      const message = `Request is missing required authentication credential. ${EXPECTED}`;
      return errorResponse('UNAUTHENTICATED', message, details('CREDENTIALS_MISSING'), { 'www-authenticate': REALM });
    }
    const presented = await present(token, api, request, service);
    if ('refused' in presented) {
      const message = `Request had invalid authentication credentials. ${EXPECTED}`;
      const headers = { 'www-authenticate': `${REALM}, error="invalid_token"` };
      return errorResponse('UNAUTHENTICATED', message, details(presented.refused), headers);
    }
    const { scopes } = presented;
    if (scopes === 'any' || api.scopes.some((scope) => scopes.includes(scope))) return undefined;
    const message = 'Request had insufficient authentication scopes.';
    const headers = { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${api.scopes.join(' ')}"` };
    return errorResponse('PERMISSION_DENIED', message, details('ACCESS_TOKEN_SCOPE_INSUFFICIENT'), headers);
  };
