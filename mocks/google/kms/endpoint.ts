import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { Authenticate } from '../authenticate.ts';
import { failureResponse, unknownPathResponse } from '../errors.ts';
import { KMS_API } from '../google-api.ts';
import { type RateQuota, rateExceeded } from '../rate-exceeded.ts';
import { projectNumber } from '../resource-names.ts';
import { denied, invalid, KmsError } from './error.ts';
import type { KeyRings } from './keyring.ts';
import { KMS_METHODS } from './methods.ts';

/** Name of the service in the table and in commands. */
export const KMS = 'kms';

const MAX_BODY_BYTES = 1024 * 1024;

/** Names of the quota's metric and limit are taken by analogy with other APIs. */
const RATE: RateQuota = {
  service: KMS_API.service,
  metricTitle: 'Cryptographic requests',
  limitTitle: 'Cryptographic requests per minute',
  metric: 'crypto_requests',
  limit: 'CryptoRequestsPerMinutePerProject',
  location: 'global',
};

/** What the endpoint needs of the project that it stands in. */
export interface KmsParts {
  readonly projectId: string;
  readonly rings: KeyRings;
  readonly authenticate: Authenticate;
  permits(rpc: string): boolean;
  /** Takes a call towards the quota. */
  admits(): boolean;
}

const PATH = /^\/v1\/(projects\/([^/:]+)\/locations\/[^/:]+)\/(keyRings(?:\/[^:]*)?)(:[a-zA-Z]+)?$/;

const route = (method: string, pathname: string) => {
  const [, location = '', project = '', under = '', verb = ''] = PATH.exec(pathname) ?? [];
  const parts = under.split('/');
  const shape = parts.map((part, index) => (index % 2 === 0 ? part : '*')).join('/');
  const found = KMS_METHODS[`${method} ${shape}${verb}`];
  if (!found || parts.includes('')) return null;
  const isCollection = parts.length % 2 === 1;
  const named = isCollection ? parts.slice(0, -1) : parts;
  return { method: found, project, name: [location, ...named].join('/') };
};

const readBody = async (request: Request): Promise<Readonly<Record<string, unknown>>> => {
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  if (!bytes) throw invalid(`Request payload size exceeds the limit: ${MAX_BODY_BYTES} bytes.`);
  if (bytes.length === 0) return {};
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    // What google-gax sends for a body that is left out.
    if (body === '' || body === null) return {};
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Answered below, as JSON of another shape is.
  }
  throw invalid('Invalid JSON payload received.');
};

/**
 * Cloud KMS, `https://cloudkms.googleapis.com`: symmetric keys and their versions.
 * Source: `service.proto` and `resources.proto` of @google-cloud/kms 6.3; the REST reference is cloud.google.com/kms/docs/reference/rest/v1.
 */
export const createKmsEndpoint =
  ({ projectId, rings, authenticate, permits, admits }: KmsParts): FetchHandler =>
  async (request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    const routed = route(request.method, decodeURIComponent(pathname));
    if (!routed) return unknownPathResponse(pathname);
    const { method, project, name } = routed;
    const refusal = await authenticate(request, KMS_API, method.rpc);
    if (refusal) return refusal;
    try {
      const isOwn = project === projectId || project === projectNumber(projectId);
      if (!isOwn || !permits(method.rpc)) throw denied(method.permission, name);
      if (!admits()) return rateExceeded(projectNumber(projectId), RATE);
      const body = request.method === 'GET' ? {} : await readBody(request);
      const own = name.replace(/^projects\/[^/]+/, `projects/${projectId}`);
      const answer = await method.answer({ rings, name: own, query, body });
      return Response.json(answer, { headers: { 'content-type': 'application/json; charset=UTF-8' } });
    } catch (error) {
      return error instanceof KmsError ? error.toResponse() : failureResponse('internal');
    }
  };
