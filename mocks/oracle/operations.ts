import { Hono } from 'hono';
import type { OperationSpec, ServiceSpec } from '../cloud/service.ts';
import type { FetchHandler } from '../emulator.ts';
import { readBytes } from '../shared/read-bytes.ts';
import type { OracleAccount } from './account.ts';
import { failure, invalidParameter, notFound, OciError, ociErrorResponse, withRequestId } from './errors.ts';
import type { OracleRegion } from './region.ts';
import { verifySignature } from './signature/verify.ts';

/** A call that has been let in. */
export interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  /** The first variable of the path; empty for none. */
  readonly id: string;
  /** The second. */
  readonly subId: string;
  readonly body: Uint8Array;
  readonly region: OracleRegion;
  readonly account: OracleAccount;
}

/** An operation of a service, with what answers it. */
export interface Operation extends OperationSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Hono has paths. */
  readonly path: string;
  answer(call: Call): Response | Promise<Response>;
}

/** @param request how the table shows it, where that is more than method and path */
export const operation = (
  name: string,
  method: Operation['method'],
  path: string,
  answer: Operation['answer'],
  request: string = `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
): Operation => ({ name, method, path, request, answer });

/** @throws {OciError} for bytes that are no JSON */
export const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new OciError(400, 'CannotParseRequest', 'Incorrectly formatted request. Please refer to our documentation for help.');
  }
};

/** A number of the query, in a range. @throws {OciError} */
export const readNumber = (
  query: URLSearchParams,
  name: string,
  range: { min: number; max: number; default: number },
): number => {
  const text = query.get(name);
  if (text === null) return range.default;
  const value = Number(text);
  if (!Number.isInteger(value) || value < range.min || value > range.max) {
    throw invalidParameter(`${name} must be ${range.min} to ${range.max}.`);
  }
  return value;
};

/** Serves the operations of a service in a region to who signs with the tenancy's key. @param bodyLimitBytes largest body that is read */
export const createService = (
  spec: Pick<ServiceSpec, 'service'>,
  operations: readonly Operation[],
  bodyLimitBytes: number,
  account: OracleAccount,
  regionName: string,
): FetchHandler => {
  const region = account.regionOf(regionName);

  const serve = async ({ name, answer }: Operation, request: Request, variables: readonly string[]): Promise<Response> => {
    const [id = '', subId = ''] = variables;
    const body = await readBytes(request, bodyLimitBytes);
    if (!body) throw new OciError(413, 'PayloadTooLarge', `The payload is larger than ${bodyLimitBytes} bytes.`);
    await verifySignature(request, new Uint8Array(body), account);
    if (!account.rates.admits(spec.service, regionName)) throw failure('throttled');
    if (!account.permissions.allows(spec.service, name)) throw notFound();
    return answer({ request, query: new URL(request.url).searchParams, id, subId, body, region, account });
  };

  const app = new Hono();
  for (const each of operations) {
    // Hono has them in an order of its own.
    const names = Array.from(each.path.matchAll(/:(\w+)/g), ([, name = '']) => name);
    app.on(each.method, each.path, (context) => {
      const values: Readonly<Record<string, string>> = context.req.param();
      return serve(
        each,
        context.req.raw,
        names.map((name) => values[name] ?? ''),
      );
    });
  }
  app.notFound(() => ociErrorResponse(new OciError(404, 'NotFound', 'Not Found')));
  app.onError(ociErrorResponse);
  return async (request) => withRequestId(await app.fetch(request), request);
};
