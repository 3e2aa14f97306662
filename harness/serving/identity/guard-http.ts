import type { FetchHandler } from '../../../mocks/emulator.ts';
import { failureResponse } from '../doors/failure-response.ts';
import { failureOf } from '../doors/failures.ts';
import type { Asked, Guard } from './guard.ts';

/** What a request asks for, by its path: more than one may be meant for is looked at again where that is known. */
type AskedBy = (method: string, pathname: string) => Asked;

const HEALTH = /^\/v2\/(?:health\/|models\/[^/]+(?:\/versions\/[^/]+)?\/ready$)/;

/** Of the front doors of HTTP. The model, and the tenant, are looked at by the stack, which knows what was asked for. */
export const askedAtDoor =
  (isHealthOpen: boolean): ((method: string, pathname: string) => Asked | undefined) =>
  (_, pathname) =>
    HEALTH.test(pathname) ? (isHealthOpen ? undefined : { action: 'health' }) : { action: 'describe' };

/** Path of a URL, without the cost of parsing it: queries and fragments do not count. */
const pathOf = (url: string): string => {
  const from = url.indexOf('/', url.indexOf('://') + 3);
  if (from < 0) return '/';
  const query = url.slice(from).search(/[?#]/);
  return query < 0 ? url.slice(from) : url.slice(from, from + query);
};

/** A handler that is asked nothing by whoever may not. @param askedBy undefined for what anybody may ask */
export const guardHttp =
  (
    handler: FetchHandler,
    guard: Pick<Guard, 'admit'>,
    askedBy: (...args: Parameters<AskedBy>) => Asked | undefined,
  ): FetchHandler =>
  async (request) => {
    const asked = askedBy(request.method, pathOf(request.url));
    if (asked) {
      try {
        const admitted = guard.admit({ authorization: request.headers.get('authorization') }, asked);
        if (admitted instanceof Promise) await admitted;
      } catch (error) {
        const { kind, message } = failureOf(error);
        return failureResponse(kind, message);
      }
    }
    return handler(request);
  };
