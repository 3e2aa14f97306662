import { Hono } from 'hono';
import type { OperationSpec, ServiceSpec } from '../../cloud/service.ts';
import type { FetchHandler } from '../../emulator.ts';
import type { IbmAccount } from '../account.ts';
import { failure, WatsonxError, watsonxErrorResponse } from './errors.ts';
import { checkVersion } from './request.ts';
import type { Space } from './space.ts';

/** A call that is let in. */
export interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  /** Where the service was reached: addresses in answers begin with it. */
  readonly origin: string;
  /** The last variable of the path. */
  readonly id: string;
  readonly space: Space;
  readonly account: IbmAccount;
}

export interface Operation extends OperationSpec {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Whether the call names the version of the API that it was written for. */
  readonly isVersioned: boolean;
  /** @throws {WatsonxError} */
  answer(call: Call): Response | Promise<Response>;
}

/** @param path with its variables as `:name` */
export const operation = (
  name: string,
  method: Operation['method'],
  path: string,
  answer: Operation['answer'],
  { isVersioned = true }: { readonly isVersioned?: boolean } = {},
): Operation => ({
  name,
  method,
  path,
  isVersioned,
  request: `${method} ${path.replace(/:(\w+)/g, '{$1}')}${isVersioned ? '?version={date}' : ''}`,
  answer,
});

/** Lets in a token that IAM issued. @throws {WatsonxError} */
const authenticate = async (request: Request, { tokens }: IbmAccount): Promise<void> => {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const check = token === undefined ? 'missing' : await tokens.check(token);
  if (check === 'good') return;
  if (check === 'expired') {
    throw new WatsonxError(401, 'authentication_token_expired', 'Failed to authenticate the request due to an expired token');
  }
  const message =
    check === 'missing'
      ? 'Failed to authenticate the request due to missing authorization token'
      : 'Failed to authenticate the request due to invalid token: Failed to parse and verify token';
  throw new WatsonxError(401, 'authentication_token_not_valid', message);
};

/** A service of watsonx in one region: tokens, rate and permissions, and then what its operations answer. */
export const serveOperations = (
  account: IbmAccount,
  region: string,
  { service }: ServiceSpec,
  operations: readonly Operation[],
): FetchHandler => {
  const serve = async ({ name, isVersioned, answer }: Operation, request: Request, id: string): Promise<Response> => {
    await authenticate(request, account);
    if (!account.rates.admits(service, region)) throw failure('throttled');
    if (!account.permissions.allows(service, name)) {
      throw new WatsonxError(
        403,
        'authorization_rejected',
        `The user '${account.iamId}' is not authorized to perform this operation.`,
      );
    }
    const { origin, searchParams: query } = new URL(request.url);
    if (isVersioned) checkVersion(query);
    return answer({ request, query, origin, id, space: account.spaceIn(region), account });
  };

  const app = new Hono();
  for (const each of operations) {
    app.on(each.method, each.path, (context) => {
      const [id = ''] = Object.values<string>(context.req.param());
      return serve(each, context.req.raw, id);
    });
  }
  app.notFound((context) =>
    watsonxErrorResponse(new WatsonxError(404, 'not_found', `There is no ${context.req.method} ${context.req.path}.`)),
  );
  app.onError(watsonxErrorResponse);
  return async (request) => {
    const response = await app.fetch(request);
    response.headers.set('x-global-transaction-id', crypto.randomUUID().replaceAll('-', ''));
    return response;
  };
};
