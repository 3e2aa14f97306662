import type { CloudService } from '../../cloud/service.ts';
import type { GoogleAccount } from '../account.ts';
import { createTokenEndpoint } from '../token-endpoint.ts';

/** Google's OAuth 2.0 endpoint: access and identity tokens for assertions that a service account signs. */
export const oauth2: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: 'oauth2',
    title: 'Google OAuth 2.0',
    layer: 'shared',
    isRegional: false,
    needsTls: false,
    hosts: () => ['oauth2.googleapis.com', 'www.googleapis.com'],
    sharedHosts: ['www.googleapis.com'],
    auth: ['none'],
    sdk: { package: 'google-auth-library', override: 'a transporter that changes the host; token_uri in Python and Go' },
    operations: [
      { name: 'Token', request: 'POST /token' },
      // At www.googleapis.com, where google-auth-library 9 (gtoken 7) asks.
      { name: 'Token', request: 'POST /oauth2/v4/token' },
      { name: 'TokenInfo', request: 'POST /tokeninfo' },
      { name: 'Revoke', request: 'POST /revoke' },
      { name: 'Certs', request: 'GET /oauth2/v3/certs' },
    ],
    quota: { requestsPerS: null, source: 'no published figure was found' },
    errors: {
      'forged-credential': { status: 400, code: 'invalid_grant' },
      'revoked-credential': { status: 400, code: 'invalid_grant' },
      'malformed-request': { status: 400, code: 'invalid_scope' },
      unavailable: { status: 503, code: 'UNAVAILABLE' },
    },
    source:
      'google-auth-library 11 and 9.15 (gtoken 7.1); texts of refusals as users report them (the issues that assertion.ts names)',
  },
  create: ({ tokens }) => createTokenEndpoint(tokens),
};
