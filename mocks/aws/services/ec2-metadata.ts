import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { AwsError } from '../errors.ts';
import { readItem } from '../metadata/items.ts';
import { createMetadataTokens, type MetadataTokens } from '../metadata/tokens.ts';

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';

/** Longest that a token is good for: six hours (EC2 user guide, "Configure the instance metadata service", read November 2026). */
const MAX_TTL_S = 21_600;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'ec2-metadata',
  title: 'EC2 instance metadata (IMDSv2)',
  layer: 'IaaS',
  isRegional: true,
  needsTls: false,
  // One address everywhere: each instance has a metadata service of its own there.
  hosts: () => ['169.254.169.254', '[fd00:ec2::254]'],
  auth: ['metadata-token'],
  sdk: { package: '@aws-sdk/ec2-metadata-service', override: 'endpoint, or AWS_EC2_METADATA_SERVICE_ENDPOINT' },
  operations: [
    { name: 'PutToken', request: 'PUT /latest/api/token' },
    { name: 'GetMetadata', request: 'GET /latest/meta-data/{item}' },
    { name: 'GetSpotInstanceAction', request: 'GET /latest/meta-data/spot/instance-action' },
    { name: 'GetRebalanceRecommendation', request: 'GET /latest/meta-data/events/recommendations/rebalance' },
    { name: 'GetRoleCredentials', request: 'GET /latest/meta-data/iam/security-credentials/{role}' },
    { name: 'GetInstanceIdentity', request: 'GET /latest/dynamic/instance-identity/document' },
    { name: 'GetUserData', request: 'GET /latest/user-data' },
  ],
  quota: {
    requestsPerS: null,
    source:
      'EC2 user guide, "Retrieve instance metadata": throttled on a per-instance basis, at no rate that it gives; read November 2026',
  },
  // There are no names for errors here: a status, and a page that nobody reads.
  errors: {
    'forged-credential': { status: 401, code: 'Unauthorized' },
    'expired-credential': { status: 401, code: 'Unauthorized' },
    'malformed-request': { status: 400, code: 'Bad Request' },
    'unknown-resource': { status: 404, code: 'Not Found' },
    throttled: { status: 503, code: 'Service Unavailable' },
    unavailable: { status: 503, code: 'Service Unavailable' },
  },
  source:
    'EC2 user guide (400, 401, 403 of "Retrieve instance metadata"), in its edition of 2021; read November 2026. 404 and 503 as clients know them.',
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const refusal = (status: number): Response => {
  const title = `${status} - ${TITLES[status]}`;
  return new Response(
    '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n' +
      '\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n' +
      ` <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n </body>\n</html>\n`,
    { status, headers: { 'content-type': 'text/html', server: 'EC2ws' } },
  );
};

const plain = (text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, { headers: { 'content-type': 'text/plain', server: 'EC2ws', ...headers } });

const putToken = ({ headers }: Request, tokens: MetadataTokens): Response => {
  // A request that came through a proxy gets no token: so a proxy that was left open does not give the role away.
  if (headers.has('x-forwarded-for')) return refusal(403);
  const ttl = headers.get(TTL_HEADER) ?? '';
  const ttlS = /^\d{1,5}$/.test(ttl) ? Number(ttl) : 0;
  if (ttlS < 1 || ttlS > MAX_TTL_S) return refusal(400);
  return plain(tokens.issue(ttlS), { [TTL_HEADER]: String(ttlS) });
};

const answer = (request: Request, account: AwsAccount, region: string, tokens: MetadataTokens): Response => {
  account.takeRequest(spec.service, region);
  const { pathname } = new URL(request.url);
  // Slashes that follow each other count as one: AWS's own client for JavaScript sends two at the beginning.
  const [version = '', ...rest] = pathname.split('/').filter((segment) => segment !== '');
  const isFolder = pathname.endsWith('/');
  const path = rest.join('/');
  if (path === 'api/token') return request.method === 'PUT' ? putToken(request, tokens) : refusal(405);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  const token = request.headers.get(TOKEN_HEADER);
  if (token === null || !tokens.isGood(token)) return refusal(401);
  if (version !== 'latest' && !/^\d{4}-\d\d-\d\d$/.test(version)) return refusal(404);
  const text = readItem(path, isFolder, account.ec2(region).metadataInstance(), account);
  return text === null ? refusal(404) : plain(text);
};

/**
 * What an instance of the region is told about itself: version 2, so with a token only. It speaks of the spot instance that was
 * launched last, and of the workload's own machine while the account has launched none.
 */
export const ec2Metadata: CloudService<AwsAccount> = {
  spec,
  create(account, region) {
    const tokens = createMetadataTokens(() => account.tokenGeneration);
    return async (request) => {
      try {
        return answer(request, account, region, tokens);
      } catch (error) {
        if (error instanceof AwsError) return refusal(503);
        throw error;
      }
    };
  },
  failure: (condition) => refusal(condition === 'internal' || condition === 'model-error' ? 500 : 503),
};
