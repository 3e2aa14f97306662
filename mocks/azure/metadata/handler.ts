import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { AzureAccount } from '../account.ts';
import { rolesAt } from '../resources.ts';
import { TOKEN_LIFETIME_S } from '../tokens.ts';
import { metadataFailure } from './failure.ts';
import { createInstanceDocument, INSTANCE_VERSIONS } from './instance.ts';

/** Versions of Scheduled Events that know `Preempt`. Source: "Scheduled Events for Linux VMs", version history; read November 2026. */
const EVENT_VERSIONS = ['2020-07-01', '2019-08-01', '2019-04-01', '2019-01-01', '2017-11-01'];
/** Versions of the metadata service that have managed identities; some of them. Source: "Azure Instance Metadata Service", supported API versions; read November 2026. */
const TOKEN_VERSIONS = ['2021-12-13', '2021-02-01', '2019-08-01', '2018-02-01'];

/** Tokens are counted apart from all else. */
export const TOKEN_OPERATION = 'token';
const TOKEN_PATH = '/metadata/identity/oauth2/token';
const INSTANCE_PATH = /^\/metadata\/instance(?:\/(.*))?$/;

const BODY_LIMIT_BYTES = 64 * 1024;

const refuse = (status: number, error: string, more: Readonly<Record<string, unknown>> = {}): Response =>
  Response.json({ error, ...more }, { status });

/** What is wrong with any request to the metadata endpoint, which by this knows that it was not forwarded. */
const checkHeaders = ({ headers }: Request): Response | null => {
  if (headers.get('metadata')?.toLowerCase() !== 'true')
    return refuse(400, 'Bad request. Required metadata header not specified');
  if (headers.has('x-forwarded-for')) return refuse(400, 'Bad request. X-Forwarded-For is not allowed');
  return null;
};

const checkVersion = (url: URL, versions: readonly string[]): Response | null => {
  const version = url.searchParams.get('api-version');
  if (version !== null && versions.includes(version)) return null;
  // Words: "Azure Instance Metadata Service", versioning; read November 2026.
  return refuse(
    400,
    'Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds',
    { 'newest-versions': versions.slice(0, 3) },
  );
};

const readEventIds = async (request: Request): Promise<readonly string[] | null> => {
  const bytes = await readBytes(request, BODY_LIMIT_BYTES);
  try {
    const body = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as { readonly StartRequests?: unknown } | null;
    const requests = body?.StartRequests;
    if (!Array.isArray(requests) || requests.length === 0) return null;
    const ids = requests.map((one: { readonly EventId?: unknown } | null) => one?.EventId);
    return ids.every((id) => typeof id === 'string') ? ids : null;
  } catch {
    return null;
  }
};

/** What a machine of a region hears from `169.254.169.254`; Scheduled Events are those of all machines, as in one availability set. */
export const createInstanceMetadata = (account: AzureAccount, service: string, region: string): FetchHandler => {
  const { scheduledEvents, app, authority, rates, permissions } = account;
  const instanceDocument = createInstanceDocument(account, region);

  const tellInstance = (url: URL, path: string): Response => {
    const wrongVersion = checkVersion(url, INSTANCE_VERSIONS);
    if (wrongVersion) return wrongVersion;
    const format = url.searchParams.get('format') ?? 'json';
    if (format !== 'json' && format !== 'text') return refuse(400, 'Bad request. format is json or text');
    const answer = instanceDocument(path.split('/').filter(Boolean), format);
    if (answer === undefined) return refuse(404, 'Not found');
    // The docs say that a value has to be asked for as text; the words are ours.
    return answer ?? refuse(400, 'Bad request. A value has to be asked for with format=text');
  };

  const tellEvents = async (request: Request, url: URL): Promise<Response> => {
    const wrongVersion = checkVersion(url, EVENT_VERSIONS);
    if (wrongVersion) return wrongVersion;
    if (request.method === 'GET') return Response.json(scheduledEvents.document(region));
    const ids = await readEventIds(request);
    if (!ids) return refuse(400, 'Bad request. StartRequests is missing or malformed');
    // The docs say what a valid id gets, and not what another one does: 400 is our choice.
    return scheduledEvents.start(region, ids)
      ? new Response(null)
      : refuse(400, 'Bad request. There is no event with such an EventId');
  };

  /** A token of the machine's managed identity, which is the account's application. */
  const issueToken = async (url: URL): Promise<Response> => {
    const wrongVersion = checkVersion(url, TOKEN_VERSIONS);
    if (wrongVersion) return wrongVersion;
    const resource = url.searchParams.get('resource');
    if (!resource) {
      return refuse(400, 'invalid_request', { error_description: 'Required query variable "resource" is missing' });
    }
    const clientId = url.searchParams.get('client_id');
    if (clientId !== null && clientId.toLowerCase() !== app.clientId) {
      return refuse(400, 'invalid_request', { error_description: 'Identity not found' });
    }
    const roles = rolesAt(resource);
    if (!roles) {
      const error_description = `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${app.tenantId}.`;
      return refuse(400, 'invalid_resource', { error_description });
    }
    const nowS = Math.floor(Date.now() / 1000);
    return Response.json({
      access_token: await authority.issue({ audience: resource, clientId: app.clientId, objectId: app.objectId, roles }),
      client_id: app.clientId,
      expires_in: `${TOKEN_LIFETIME_S}`,
      expires_on: `${nowS + TOKEN_LIFETIME_S}`,
      ext_expires_in: `${TOKEN_LIFETIME_S}`,
      not_before: `${nowS}`,
      resource,
      token_type: 'Bearer',
    });
  };

  return async (request) => {
    const url = new URL(request.url);
    const wrong = checkHeaders(request);
    if (wrong) return wrong;
    const isToken = url.pathname === TOKEN_PATH;
    if (!rates.admits(service, region, isToken ? TOKEN_OPERATION : undefined)) return metadataFailure('throttled');
    const { method } = request;
    if (url.pathname === '/metadata/scheduledevents') {
      return method === 'GET' || method === 'POST' ? tellEvents(request, url) : refuse(405, 'Method not allowed');
    }
    const [isInstance, path = ''] = INSTANCE_PATH.exec(url.pathname) ?? [];
    if (isInstance !== undefined) {
      return method === 'GET' ? tellInstance(url, path) : refuse(405, 'Method not allowed');
    }
    if (isToken) {
      if (method !== 'GET') return refuse(405, 'Method not allowed');
      return permissions.allows(service, TOKEN_OPERATION)
        ? issueToken(url)
        : refuse(400, 'invalid_request', { error_description: 'Identity not found' });
    }
    return refuse(404, 'Not found');
  };
};
