import type { ApiKeys } from './api-keys.ts';
import { IamError, missingProperty } from './errors.ts';
import { ACCESS_LIFETIME_S, type TokenAuthority, type TokenSubject } from './tokens.ts';

export const APIKEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
const REFRESH_GRANT = 'refresh_token';

/** `bx:bx`, the IBM Cloud CLI: the client that IAM gives refresh tokens to. */
const CLI_CLIENT = `Basic ${btoa('bx:bx')}`;

/** What an API client gets in a refresh token's place. */
const NO_REFRESH_TOKEN = 'not_supported';

export interface GrantParts {
  readonly keys: ApiKeys;
  readonly tokens: TokenAuthority;
  readonly subject: TokenSubject;
}

const required = (form: URLSearchParams, property: string): string => {
  const value = form.get(property);
  if (!value) throw missingProperty(property);
  return value;
};

const checkApiKey = (keys: ApiKeys, apikey: string): void => {
  const check = keys.check(apikey);
  if (check === 'disabled') throw new IamError('BXNIM0462E', 'Provided API key is disabled.');
  if (check === 'unknown') throw new IamError('BXNIM0415E', 'Provided API key could not be found.');
};

const checkRefreshToken = (tokens: TokenAuthority, token: string): void => {
  const check = tokens.checkRefreshToken(token);
  if (check === 'expired') throw new IamError('BXNIM0408E', 'Provided refresh token is expired');
  if (check === 'invalid') throw new IamError('BXNIM0407E', 'Provided refresh token is invalid');
};

/**
 * Answers a token request: an API key, or a refresh token of the CLI, for an access token.
 * @param authorization of the client, not of the workload
 * @throws {IamError}
 */
export const grantToken = async (form: URLSearchParams, authorization: string | null, parts: GrantParts) => {
  const { keys, tokens, subject } = parts;
  const grantType = required(form, 'grant_type');
  const isCli = authorization === CLI_CLIENT;
  // IAM's code for a wrong client of a cookie; that another client is answered with it, too, is taken by analogy.
  if (authorization !== null && !isCli) throw new IamError('BXNIM0139E', 'Wrong client id passed to retrieve tokens.');
  if (grantType === APIKEY_GRANT) checkApiKey(keys, required(form, 'apikey'));
  else if (grantType === REFRESH_GRANT) checkRefreshToken(tokens, required(form, 'refresh_token'));
  // The code is squall's own: no report of IAM's is known.
  else
    throw new IamError('BXNIM0137E', 'Provided grant type is not supported.', { details: "Property 'grant_type' is not valid." });

  const { token, expiresAtS } = await tokens.issue(subject, grantType);
  return {
    access_token: token,
    refresh_token: isCli ? tokens.issueRefreshToken() : NO_REFRESH_TOKEN,
    token_type: 'Bearer',
    expires_in: ACCESS_LIFETIME_S,
    expiration: expiresAtS,
    scope: 'ibm openid',
  };
};
