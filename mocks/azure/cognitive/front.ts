import type { FetchHandler } from '../../emulator.ts';
import type { AzureAccount } from '../account.ts';
import { checkBearer } from '../bearer.ts';
import { COGNITIVE_AUDIENCES } from '../resources.ts';
import { isSameSecret } from '../same-secret.ts';
import { CognitiveError, tooManyRequests } from './errors.ts';

/** One operation of an AI service. */
export interface CognitiveOperation {
  /** Its name in the table of services. */
  readonly name: string;
  /** In words, for the refusal of too many requests. */
  readonly title: string;
  readonly path: string;
  /** The permission that an Entra token needs. */
  readonly dataAction: string;
  /** What `api-version` may be; null where the path has the version. */
  readonly apiVersions: readonly string[] | null;
  /** @throws {CognitiveError} */
  readonly handle: (request: Request, url: URL) => Promise<Response>;
}

const KEY_HEADER = 'ocp-apim-subscription-key';

/** What stands before each AI service: keys and Entra tokens, permissions, the rate, the version. */
export const createCognitiveFront = (
  account: AzureAccount,
  service: string,
  region: string,
  operations: readonly CognitiveOperation[],
): FetchHandler => {
  const { app, authority, permissions, rates } = account;

  /** @returns whether a permission is needed: a key is its resource's owner */
  const authenticate = async (request: Request): Promise<boolean> => {
    const key = request.headers.get(KEY_HEADER);
    const known = app.credentials.active?.subscriptionKey;
    if (key !== null && known !== undefined && isSameSecret(key, known)) return false;
    if (key !== null) {
      throw new CognitiveError(
        401,
        '401',
        'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
      );
    }
    const check = await checkBearer(request.headers.get('authorization'), COGNITIVE_AUDIENCES, authority);
    if (check !== 'good') {
      throw new CognitiveError(
        401,
        '401',
        'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.',
        { headers: { 'www-authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/${app.tenantId}"` } },
      );
    }
    return true;
  };

  const authorize = ({ name, dataAction, path }: CognitiveOperation): void => {
    if (permissions.allows(service, name)) return;
    throw new CognitiveError(
      401,
      'PermissionDenied',
      `The principal \`${app.objectId}\` lacks the required data action \`${dataAction}\` to perform \`POST ${path}\` operation.`,
    );
  };

  const checkVersion = ({ apiVersions }: CognitiveOperation, version: string | null): void => {
    if (apiVersions === null || (version !== null && apiVersions.includes(version))) return;
    const problem =
      version === null ? 'The api-version query parameter is missing.' : `The API version ${version} is not supported.`;
    throw new CognitiveError(400, 'BadRequest', `${problem} Supported are: ${apiVersions.join(', ')}.`);
  };

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const needsPermission = await authenticate(request);
    const operation = operations.find(({ path }) => path.toLowerCase() === url.pathname.toLowerCase());
    if (!rates.admits(service, region)) throw tooManyRequests(operation?.title ?? 'service');
    if (!operation) throw new CognitiveError(404, '404', 'Resource not found');
    if (needsPermission) authorize(operation);
    if (request.method !== 'POST')
      throw new CognitiveError(405, 'MethodNotAllowed', `The method ${request.method} is not allowed.`);
    checkVersion(operation, url.searchParams.get('api-version'));
    return operation.handle(request, url);
  };

  return async (request) => {
    let response: Response;
    try {
      response = await answer(request);
    } catch (error) {
      if (!(error instanceof CognitiveError)) throw error;
      response = error.toResponse();
    }
    response.headers.set('apim-request-id', crypto.randomUUID());
    response.headers.set('x-ms-region', region);
    return response;
  };
};
