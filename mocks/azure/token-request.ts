import { EntraRefusal } from './entra-errors.ts';
import type { AppRegistration } from './registration.ts';
import { rolesAt } from './resources.ts';
import { TOKEN_LIFETIME_S, type TokenAuthority } from './tokens.ts';

const DEFAULT_SCOPE = '/.default';

/** Scopes of OpenID Connect: MSAL for Go and Java adds them to every request, and without a person they mean nothing. */
const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'];

/** Fields of the form. Any other content type has none, which Entra then says of the first that it misses. */
export const readForm = async (request: Request): Promise<URLSearchParams> => {
  const contentType = request.headers.get('content-type') ?? '';
  return new URLSearchParams(/^application\/x-www-form-urlencoded\b/i.test(contentType) ? await request.text() : '');
};

const required = (form: URLSearchParams, parameter: string): string => {
  const value = form.get(parameter);
  if (!value) throw new EntraRefusal('missing-parameter', parameter);
  return value;
};

/** `client_secret_basic` of OpenID Connect: id and secret, each form-encoded, in a Basic header. */
const readBasic = (authorization: string | null): { readonly id: string; readonly secret: string } | null => {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  if (!encoded) return null;
  try {
    const [id = '', secret = ''] = atob(encoded)
      .split(':')
      .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    return { id, secret };
  } catch {
    return null;
  }
};

/** The resource that a client-credentials scope names; as it was written, for that is what the token's `aud` repeats. */
const readResource = (scope: string): string => {
  const scopes = scope.split(' ').filter((part) => part !== '' && !OPENID_SCOPES.includes(part));
  const [only] = scopes;
  if (only === undefined || scopes.length > 1) throw new EntraRefusal('not-one-scope', scope);
  if (!only.endsWith(DEFAULT_SCOPE)) throw new EntraRefusal('not-default-scope', only);
  return only.slice(0, -DEFAULT_SCOPE.length);
};

/**
 * Answers a request to the token endpoint: the client-credentials grant, by secret in the form or in a Basic header.
 * Other grants are for people; a client assertion is refused as for any application that has no certificate registered.
 * @throws {EntraRefusal}
 */
export const grantToken = async (
  form: URLSearchParams,
  authorization: string | null,
  app: AppRegistration,
  authority: TokenAuthority,
) => {
  const grantType = required(form, 'grant_type');
  if (grantType !== 'client_credentials') throw new EntraRefusal('unsupported-grant', grantType);
  const basic = readBasic(authorization);
  const clientId = basic?.id || required(form, 'client_id');
  const audience = readResource(required(form, 'scope'));

  if (clientId.toLowerCase() !== app.clientId) {
    throw new EntraRefusal('unknown-application', `'${clientId}' was not found in the directory '${app.tenantId}'`);
  }
  if (form.has('client_assertion')) throw new EntraRefusal('unregistered-certificate', app.clientId);
  const secret = basic?.secret || form.get('client_secret');
  if (!secret) throw new EntraRefusal('no-client-authentication');
  const secretCheck = app.checkSecret(secret);
  if (secretCheck !== 'good') throw new EntraRefusal(`${secretCheck}-secret`, app.clientId);

  const roles = rolesAt(audience);
  if (!roles) {
    throw new EntraRefusal('unknown-resource', `${audience} was not found in the tenant named ${app.tenantId}`);
  }
  return {
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME_S,
    ext_expires_in: TOKEN_LIFETIME_S,
    access_token: await authority.issue({ audience, clientId: app.clientId, objectId: app.objectId, roles }),
  };
};
