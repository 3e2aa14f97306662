import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import { type AzureAccount, RESOURCE_GROUP } from '../account.ts';
import { type BearerCheck, checkBearer } from '../bearer.ts';
import { ARM_AUDIENCES } from '../resources.ts';
import { ArmError } from './errors.ts';
import { type ArmHandlers, type ArmRoutes, matchRoutes, type RouteMatch } from './route.ts';

/** A request that has been let in. */
export interface ArmCall {
  readonly request: Request;
  readonly url: URL;
  readonly apiVersion: string;
  /** As the request spells it. */
  readonly resourceGroup: string;
  readonly variables: Readonly<Record<string, string>>;
  /** @throws {ArmError} where the body is not a JSON object */
  readBody(): Promise<Readonly<Record<string, unknown>>>;
}

/** Largest request. Source: "Azure subscription and service limits", Resource Manager API request size; read November 2026. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const RESOURCE_GROUP_NAME = /^[-\w._()]{1,90}$/u;

const DENIALS: Readonly<Record<Exclude<BearerCheck, 'good'>, readonly [code: string, message: string]>> = {
  missing: ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."],
  invalid: ['InvalidAuthenticationToken', 'The access token is invalid.'],
  expired: ['ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.'],
  'wrong-audience': [
    'InvalidAuthenticationTokenAudience',
    `The access token has been obtained for wrong audience or resource. It should exactly match with one of the allowed audiences '${ARM_AUDIENCES.join("','")}'.`,
  ],
};

const checkApiVersion = (apiVersion: string | null): string => {
  if (!apiVersion) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!API_VERSION.test(apiVersion)) {
    throw new ArmError(400, 'InvalidApiVersionParameter', `The api-version '${apiVersion}' is invalid.`);
  }
  return apiVersion;
};

const readJson = async (request: Request): Promise<Readonly<Record<string, unknown>>> => {
  const invalid = (why: string) =>
    new ArmError(400, 'InvalidRequestContent', `The request content was invalid and could not be deserialized: '${why}'.`);
  const bytes = await readBytes(request, BODY_LIMIT_BYTES);
  if (!bytes) throw new ArmError(413, 'RequestContentTooLarge', `The request content exceeds ${BODY_LIMIT_BYTES} bytes.`);
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    throw new ArmError(415, 'UnsupportedMediaType', 'The content media type is not supported. Only application/json is.');
  }
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The content is not a JSON object.');
  return body as Readonly<Record<string, unknown>>;
};

/** A resource provider: a service behind Resource Manager. */
export interface ArmProvider {
  /** Its name in the table of services: permissions and rates go by it. */
  readonly service: string;
  readonly routes: ArmRoutes<string>;
  readonly handlers: ArmHandlers<string, ArmCall>;
}

/** An operation that a request asks for. */
interface Asked {
  readonly provider: ArmProvider;
  readonly match: RouteMatch<string>;
}

/**
 * Azure Resource Manager before its resource providers. A front of any region takes requests about resources of every region and
 * provider, as at Azure; the front's own region is what quotas and faults go by.
 * @param service whose rate a request counts against that asks for no operation
 */
export const createResourceManager = (
  account: AzureAccount,
  service: string,
  region: string,
  providers: readonly ArmProvider[],
): FetchHandler => {
  const authenticate = async (request: Request): Promise<void> => {
    const check = await checkBearer(request.headers.get('authorization'), ARM_AUDIENCES, account.authority);
    if (check === 'good') return;
    const [code, message] = DENIALS[check];
    const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/${account.app.tenantId}", error="invalid_token", error_description="${message}"`;
    throw new ArmError(401, code, message, { headers: { 'www-authenticate': challenge } });
  };

  const checkSubscription = (subscriptionId: string): void => {
    if (!GUID.test(subscriptionId)) {
      const message = `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`;
      throw new ArmError(400, 'InvalidSubscriptionId', message);
    }
    if (subscriptionId.toLowerCase() !== account.subscriptionId) {
      throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`);
    }
  };

  const checkRate = (of: string, method: string): void => {
    const kind = method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : 'write';
    if (account.rates.admits(of, region, kind)) return;
    throw new ArmError(
      429,
      'SubscriptionRequestsThrottled',
      `Number of '${kind}' requests for subscription '${account.subscriptionId}' actor '${account.app.objectId}' exceeded. Please try again after '1' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
      { headers: { 'retry-after': '1' } },
    );
  };

  const authorize = ({ provider, match: { name, route } }: Asked, scope: string): void => {
    if (account.permissions.allows(provider.service, name)) return;
    const { objectId } = account.app;
    throw new ArmError(
      403,
      'AuthorizationFailed',
      `The client '${objectId}' with object id '${objectId}' does not have authorization to perform action '${route.action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  };

  const checkResourceGroup = (resourceGroup: string): void => {
    if (!RESOURCE_GROUP_NAME.test(resourceGroup) || resourceGroup.endsWith('.')) {
      const message = `The provided resource group name '${resourceGroup}' has these invalid characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`;
      throw new ArmError(400, 'ResourceGroupNameInvalid', message);
    }
    if (resourceGroup.toLowerCase() !== RESOURCE_GROUP) {
      throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
    }
  };

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    await authenticate(request);
    const apiVersion = checkApiVersion(url.searchParams.get('api-version'));
    const segments = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const [subscriptions, subscriptionId = '', ...rest] = segments;
    if (subscriptions?.toLowerCase() !== 'subscriptions') {
      throw new ArmError(404, 'NotFound', `The request path '${url.pathname}' is not served here.`);
    }
    checkSubscription(subscriptionId);
    const matches = providers.flatMap((provider) => matchRoutes(provider.routes, rest).map((match) => ({ provider, match })));
    const asked = matches.find(({ match }) => match.route.method === request.method);
    checkRate(asked?.provider.service ?? service, request.method);
    const handle = asked?.provider.handlers[asked.match.name];
    if (!asked || !handle) {
      if (matches.length === 0) {
        throw new ArmError(404, 'InvalidResourceType', `The resource type could not be found for the path '${url.pathname}'.`);
      }
      const message = `The requested resource does not support http method '${request.method}'.`;
      throw new ArmError(405, 'HttpMethodNotAllowed', message);
    }
    authorize(asked, url.pathname);
    const { variables } = asked.match;
    const { resourceGroup } = variables;
    if (resourceGroup !== undefined) checkResourceGroup(resourceGroup);
    return handle({
      request,
      url,
      apiVersion,
      resourceGroup: resourceGroup ?? '',
      variables,
      readBody: () => readJson(request),
    });
  };

  return async (request) => {
    let response: Response;
    try {
      response = await answer(request);
    } catch (error) {
      if (error instanceof URIError) response = new ArmError(400, 'BadRequest', 'The path is malformed.').toResponse();
      else if (error instanceof ArmError) response = error.toResponse();
      else throw error;
    }
    const requestId = crypto.randomUUID();
    response.headers.set('x-ms-request-id', requestId);
    response.headers.set('x-ms-correlation-request-id', request.headers.get('x-ms-correlation-request-id') ?? requestId);
    const clientRequestId = request.headers.get('x-ms-client-request-id');
    const wantsIt = request.headers.get('x-ms-return-client-request-id') === 'true';
    if (clientRequestId && wantsIt) response.headers.set('x-ms-client-request-id', clientRequestId);
    response.headers.set('cache-control', 'no-cache');
    return response;
  };
};
