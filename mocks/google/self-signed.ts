import type { GoogleApi } from './google-api.ts';
import { judgeTimes, readClaims } from './signed-claims.ts';
import type { TokenService } from './token-service.ts';

/** What a bearer token turned out to be: good for these scopes, or refused for one of Google's reasons (google/api/error_reason.proto). */
export type Presented =
  | { readonly scopes: readonly string[] | 'any' }
  | { readonly refused: 'ACCESS_TOKEN_EXPIRED' | 'ACCESS_TOKEN_TYPE_UNSUPPORTED' | 'JWT_TOKEN_INVALID' };

/** Whether it is the API's own host or one of its regional hosts, and not just another name that ends alike. */
const isHostOf = (host: string, { service, regionalPrefix }: GoogleApi): boolean =>
  host === service || (host.endsWith(`-${service}`) && (regionalPrefix?.test(host.slice(0, -service.length - 1)) ?? false));

/** An API is named by its own host, by its regional hosts, and by the origin that was called; the proto service may follow. */
const namesApi = (audience: unknown, api: GoogleApi, origin: string): boolean => {
  if (typeof audience !== 'string' || !URL.canParse(audience)) return false;
  const url = new URL(audience);
  const isNamed = url.origin === origin || (url.protocol === 'https:' && isHostOf(url.host, api));
  return isNamed && (url.pathname === '/' || url.pathname === `/${api.protoService}`);
};

/**
 * Checks a token that the service account signed itself instead of exchanging it, which Google's client libraries do by
 * default (google.aip.dev/auth/4111): issuer and subject are the account, and it names either scopes or the API as audience.
 * @param origin of the request
 */
export const checkSelfSigned = async (jwt: string, api: GoogleApi, origin: string, service: TokenService): Promise<Presented> => {
  const claims = readClaims(jwt);
  const account = service.credentials.published.clientEmail;
  // An identity token, or another issuer's: not something that this API takes.
  if (!claims || claims.iss !== account || claims.sub !== account) return { refused: 'ACCESS_TOKEN_TYPE_UNSUPPORTED' };
  if (!(await service.signatures.isSigned(jwt))) return { refused: 'JWT_TOKEN_INVALID' };

  const times = judgeTimes(claims);
  if (times === 'unreasonable') return { refused: 'JWT_TOKEN_INVALID' };
  if (times === 'expired' || service.accessTokens.isExpiredSince(claims.iat ?? 0)) return { refused: 'ACCESS_TOKEN_EXPIRED' };

  if (typeof claims.scope === 'string') return { scopes: claims.scope.split(' ') };
  return namesApi(claims.aud, api, origin) ? { scopes: 'any' } : { refused: 'JWT_TOKEN_INVALID' };
};
