import { OAUTH_HEADERS, oauthError } from './oauth-error.ts';
import { stableDigits } from './resource-names.ts';
import type { TokenService } from './token-service.ts';

const bearerOf = (request: Request) => request.headers.get('authorization')?.match(/^Bearer +(\S+)$/i)?.[1];

/** `/tokeninfo`: what an access token stands for, as `OAuth2Client.getTokenInfo` of google-auth-library asks. */
export const tokenInfo = async (form: URLSearchParams, request: Request, { accessTokens }: TokenService): Promise<Response> => {
  const grant = accessTokens.find(form.get('access_token') ?? bearerOf(request) ?? '');
  if (!grant) return oauthError('invalid_token', 'Invalid Value');
  const clientId = stableDigits(grant.clientEmail, 21);
  return Response.json(
    {
      azp: clientId,
      aud: clientId,
      scope: grant.scopes.join(' '),
      exp: String(Math.floor(grant.expiresAtMs / 1000)),
      expires_in: String(Math.floor((grant.expiresAtMs - Date.now()) / 1000)),
      access_type: 'online',
    },
    { headers: OAUTH_HEADERS },
  );
};

/** `/revoke`: ends an access token before its time. */
export const revokeToken = async (form: URLSearchParams, _request: Request, { accessTokens }: TokenService): Promise<Response> =>
  accessTokens.revoke(form.get('token') ?? '')
    ? Response.json({}, { headers: OAUTH_HEADERS })
    : oauthError('invalid_token', 'Token expired or revoked');
