import { decodeJwt } from 'jose';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { failureResponse } from '../doors/failure-response.ts';
import { failureOf } from '../doors/failures.ts';
import type { NodeConfig } from '../nodes/node.ts';
import { guardOf } from './admit.ts';
import type { Principal } from './guard.ts';

/** What callers of the stack may do at a node themselves, as producers and consumers. */
export interface CallersPaths {
  /** Whether it is one of them. */
  includes(method: string, pathname: string): boolean;
  /** The tenant that a request names; empty for none. */
  tenantIn(request: Request): Promise<string>;
  /** The request in the name of whoever makes it, whatever it says itself. */
  inNameOf(request: Request, principal: Principal): Promise<Request>;
}

/** Whom a token says that it is for. Nothing is believed: it decides alone by whom the token is looked at. */
const audienceIn = (authorization: string | null): unknown => {
  try {
    return decodeJwt(authorization!.slice('bearer '.length)).aud;
  } catch {
    return undefined;
  }
};

/**
 * The own interface of a part of the stack: other parts come with a token that is for it, callers with theirs, and each to what is theirs.
 * Where the design trusts whoever gets there, what only parts do is open.
 */
export const guardNode = (
  handler: FetchHandler,
  { stack }: NodeConfig,
  fetch: typeof globalThis.fetch,
  callers: CallersPaths,
): FetchHandler => {
  const { design, identity, model } = stack;
  if (design.identity === false) return handler;
  const { internal } = design.identity;
  const callersGuard = guardOf(stack, fetch);
  const partsGuard = guardOf(stack, fetch, identity?.internalAudience);

  return async (request) => {
    const authorization = request.headers.get('authorization');
    const { pathname } = new URL(request.url);
    const isCallers = callers.includes(request.method, pathname);
    if (!internal && !isCallers) return handler(request);
    try {
      if (audienceIn(authorization) === identity?.internalAudience || !isCallers) {
        await partsGuard.admit({ authorization }, { action: 'work' });
        return await handler(request);
      }
      // Who it is comes first: of somebody else nothing is read.
      await callersGuard.admit({ authorization }, { action: 'describe' });
      const tenant = await callers.tenantIn(request.clone());
      const principal = await callersGuard.admit({ authorization }, { action: 'predict', model, tenant });
      return await handler(await callers.inNameOf(request, principal));
    } catch (error) {
      const { kind, message } = failureOf(error);
      return failureResponse(kind, message);
    }
  };
};
