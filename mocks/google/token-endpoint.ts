import type { FetchHandler } from '../emulator.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { exchangeAssertion } from './assertion.ts';
import { unknownPathResponse } from './errors.ts';
import { oauthError } from './oauth-error.ts';
import { revokeToken, tokenInfo } from './token-info.ts';
import type { TokenService } from './token-service.ts';

/** Largest form that is read, bytes: an assertion is about 1 kB. */
const MAX_FORM_BYTES = 64 * 1024;

type Route = (form: URLSearchParams, request: Request, service: TokenService) => Promise<Response>;

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const token: Route = async (form, request, service) => {
  const grantType = form.get('grant_type');
  if (!grantType) return oauthError('invalid_request', 'Missing required parameter: grant_type');
  if (grantType !== JWT_BEARER) return oauthError('unsupported_grant_type', `Invalid grant_type: ${grantType}`);
  const assertion = form.get('assertion');
  if (!assertion) return oauthError('invalid_request', 'Missing required parameter: assertion');
  return exchangeAssertion(assertion, request.url, service);
};

/** By `METHOD /path`. `/oauth2/v4/token` is the older name of the same endpoint. */
const ROUTES: Readonly<Record<string, Route>> = {
  'POST /token': token,
  'POST /oauth2/v4/token': token,
  'POST /revoke': revokeToken,
  'GET /revoke': revokeToken,
  'POST /tokeninfo': tokenInfo,
  'GET /tokeninfo': tokenInfo,
  'GET /oauth2/v3/certs': async (_form, _request, { idTokens }) => Response.json({ keys: [await idTokens.publicJwk()] }),
};

/** Form and query parameters together: Google takes them from either. Null when the form is too large. */
const readParameters = async (request: Request): Promise<URLSearchParams | null> => {
  const parameters = new URLSearchParams(new URL(request.url).search);
  const isForm = request.headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded');
  if (!isForm) return parameters;
  const form = await readBytes(request, MAX_FORM_BYTES);
  if (!form) return null;
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(form))) parameters.set(name, value);
  return parameters;
};

/**
 * Google's OAuth 2.0 endpoint, `https://oauth2.googleapis.com`: service account assertions for access or identity tokens
 * (`/token`), `/tokeninfo`, `/revoke`, and the keys of identity tokens (`/oauth2/v3/certs`).
 * Source: google-auth-library 11; the reference is developers.google.com/identity/protocols/oauth2/service-account.
 */
export const createTokenEndpoint =
  (service: TokenService): FetchHandler =>
  async (request) => {
    const { pathname } = new URL(request.url);
    const route = ROUTES[`${request.method} ${pathname}`];
    if (!route) return unknownPathResponse(pathname);
    const parameters = await readParameters(request);
    if (!parameters) return oauthError('invalid_request', `The request is over ${MAX_FORM_BYTES} bytes.`);
    return route(parameters, request, service);
  };
