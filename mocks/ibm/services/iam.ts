import { GLOBAL } from '../../cloud/cloud.ts';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { IbmAccount } from '../account.ts';
import { edgeFailure, IamError, iamErrorResponse, webException } from '../iam/errors.ts';
import { APIKEY_GRANT, grantToken } from '../iam/grant.ts';
import { ISSUER } from '../iam/tokens.ts';

/** A token request is a few hundred bytes. */
const BODY_LIMIT_BYTES = 64 * 1024;

const spec: ServiceSpec = {
  cloud: 'ibm',
  service: 'iam',
  title: 'IBM Cloud Identity and Access Management',
  layer: 'shared',
  isRegional: false,
  needsTls: true,
  hosts: () => ['iam.cloud.ibm.com'],
  auth: ['ibm-iam'],
  sdk: { package: 'ibm-cloud-sdk-core', override: 'IamAuthenticator({ apikey, url })' },
  operations: [
    { name: 'CreateToken', request: `POST /identity/token (grant_type=${APIKEY_GRANT} or refresh_token)` },
    { name: 'GetKeys', request: 'GET /identity/keys' },
    { name: 'GetOpenIdConfiguration', request: 'GET /identity/.well-known/openid-configuration' },
  ],
  quota: { requestsPerS: null, source: 'no published figure was found' },
  errors: {
    'forged-credential': { status: 400, code: 'BXNIM0415E' },
    'revoked-credential': { status: 400, code: 'BXNIM0462E' },
    'malformed-request': { status: 400, code: 'BXNIM0109E' },
    throttled: { status: 429, code: 'Too Many Requests' },
    unavailable: { status: 503, code: 'Service Unavailable' },
  },
  source:
    'ibm-cloud-sdk-core 5.9.1; error bodies as public code and users of IAM report them (searched November 2026); cloud.ibm.com/apidocs/iam-identity-token-api names no codes',
};

/** Any other content type has no fields, which IAM then says of the first that it misses. */
const readForm = async (request: Request): Promise<URLSearchParams> => {
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body)
    throw new IamError('BXNIM0109E', 'Property missing or empty.', { details: 'The request is too large.', status: 413 });
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '');
  return new URLSearchParams(isForm ? new TextDecoder().decode(body) : '');
};

const openIdConfiguration = {
  issuer: ISSUER,
  token_endpoint: 'https://iam.cloud.ibm.com/identity/token',
  jwks_uri: 'https://iam.cloud.ibm.com/identity/keys',
  grant_types_supported: [APIKEY_GRANT, 'refresh_token'],
  response_types_supported: ['cloud_iam'],
  id_token_signing_alg_values_supported: ['RS256'],
};

const answer = async (account: IbmAccount, request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url);
  if (pathname === '/identity/token') {
    if (request.method !== 'POST') throw webException(405, 'ClientErrorException', 'Method Not Allowed');
    const form = await readForm(request);
    const { keys, tokens } = account;
    const granted = await grantToken(form, request.headers.get('authorization'), { keys, tokens, subject: account });
    return Response.json(granted, { headers: { 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache' } });
  }
  if (request.method === 'GET' && pathname === '/identity/keys') return Response.json({ keys: [account.tokens.jwk] });
  if (request.method === 'GET' && pathname === '/identity/.well-known/openid-configuration')
    return Response.json(openIdConfiguration);
  throw webException(404, 'NotFoundException', 'Not Found');
};

/** IBM Cloud's token service. */
export const iam: CloudService<IbmAccount> = {
  spec,
  create: (account) => async (request) => {
    const startedAtMs = Date.now();
    if (!account.rates.admits(spec.service, GLOBAL)) return edgeFailure('throttled');
    return answer(account, request).catch((error: unknown) => iamErrorResponse(error, request, startedAtMs));
  },
  failure: edgeFailure,
};
