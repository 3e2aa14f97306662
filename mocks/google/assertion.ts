import type { JWTPayload } from 'jose';
import { OAUTH_HEADERS, oauthError } from './oauth-error.ts';
import { judgeTimes, readClaims } from './signed-claims.ts';
import type { TokenService } from './token-service.ts';

/** What Google says of a new access token's life, seconds; the token is good that long. */
const EXPIRES_IN_S = 3599;

const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';

/** The endpoint's names at Google. gtoken 7 (google-auth-library 9) posts to the older and signs for it. */
const GOOGLE_TOKEN_URLS: readonly unknown[] = [GOOGLE_TOKEN_URL, 'https://www.googleapis.com/oauth2/v4/token'];

/** Scopes that are not URLs of `googleapis.com/auth/`: those of OpenID Connect. */
const SHORT_SCOPES: readonly string[] = ['openid', 'email', 'profile'];

const isScope = (scope: string) => scope.startsWith('https://www.googleapis.com/auth/') || SHORT_SCOPES.includes(scope);

const nowOf = ({ nowMs }: TokenService): number => nowMs?.() ?? Date.now();

/** The first complaint that Google has of a verified assertion, if it has one. */
const findFault = (claims: JWTPayload, tokenUrl: string, nowMs: number): Response | undefined => {
  const audience = Array.isArray(claims.aud) && claims.aud.length === 1 ? claims.aud[0] : claims.aud;
  if (!GOOGLE_TOKEN_URLS.includes(audience) && audience !== tokenUrl) {
    return oauthError('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${GOOGLE_TOKEN_URL}`);
  }
  if (judgeTimes(claims, nowMs) !== 'good') {
    return oauthError(
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. ' +
        'Check your iat and exp values in the JWT claim.',
    );
  }
  // A subject other than the account itself asks for domain-wide delegation, which the account does not have.
  if (claims.sub !== undefined && claims.sub !== claims.iss) {
    return oauthError(
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    );
  }
  return undefined;
};

const issueAccessToken = (scope: unknown, service: TokenService): Response => {
  const { accessTokens, credentials } = service;
  const { active } = credentials;
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((part) => part !== '') : [];
  if (scopes.length === 0 || !scopes.every(isScope)) {
    return oauthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  // The key can be revoked while the signature is being checked.
  if (!active) return oauthError('invalid_grant', 'Invalid JWT Signature.');
  const expiresAtMs = nowOf(service) + EXPIRES_IN_S * 1000;
  const token = accessTokens.issue({ scopes, clientEmail: active.clientEmail, keyId: active.privateKeyId, expiresAtMs });
  return Response.json({ access_token: token, expires_in: EXPIRES_IN_S, token_type: 'Bearer' }, { headers: OAUTH_HEADERS });
};

/**
 * Answers `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`: an access token for a `scope` claim, an identity token for a
 * `target_audience` claim, or Google's error. The messages are those that users of Google's libraries report
 * (googleapis/google-cloud-python#10004, googleapis/google-auth-library-python#804, google/oculi#5, googleapis/google-oauth-java-client#602).
 * @param requestUrl the token endpoint's own URL, which is accepted as audience beside Google's two
 */
export const exchangeAssertion = async (assertion: string, requestUrl: string, service: TokenService): Promise<Response> => {
  const claims = readClaims(assertion);
  if (!claims) return oauthError('invalid_grant', 'Bad Request');
  if (typeof claims.iss !== 'string' || !claims.iss.includes('@'))
    return oauthError('invalid_grant', 'Not a valid email or user ID.');
  if (claims.iss !== service.credentials.published.clientEmail) {
    return oauthError('invalid_grant', 'Invalid grant: account not found');
  }
  // A deleted or disabled key is answered like a forged one.
  if (!(await service.signatures.isSigned(assertion))) return oauthError('invalid_grant', 'Invalid JWT Signature.');

  const { origin, pathname } = new URL(requestUrl);
  const fault = findFault(claims, `${origin}${pathname}`, nowOf(service));
  if (fault) return fault;

  const targetAudience = claims.target_audience;
  if (targetAudience === undefined) return issueAccessToken(claims.scope, service);
  // With a scope beside it, as google-auth-library's `fetchIdToken` may send, the target audience decides.
  if (typeof targetAudience !== 'string' || targetAudience === '') {
    return oauthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  const idToken = await service.idTokens.issue(claims.iss, targetAudience);
  return Response.json({ id_token: idToken }, { headers: OAUTH_HEADERS });
};
