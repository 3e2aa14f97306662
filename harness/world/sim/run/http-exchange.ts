import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { LightRequest } from '../../fetch/request.ts';
import { LightResponse } from '../../fetch/response.ts';
import type { Exchange } from './lanes.ts';

/** A handler that throws, or answers with something else, is what a server answers 500 for. */
const call = async (handler: FetchHandler, request: LightRequest): Promise<LightResponse> => {
  try {
    const response: unknown = await handler(request as unknown as Request);
    if (response instanceof LightResponse) return response;
    return LightResponse.json({ error: 'The handler did not answer with a Response.' }, { status: 500 });
  } catch (error) {
    return LightResponse.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
  }
};

/** Requests of HTTP as calls of a fetch handler. */
export const httpExchange =
  (handler: FetchHandler, origin: string): Exchange =>
  async ({ method = 'POST', path, headers, body }, signal) => {
    const init = { method, headers, signal };
    const request = new LightRequest(`${origin}${path}`, method === 'GET' ? init : { ...init, body: body as string });
    request.stateLength();
    const response = await call(handler, request);
    const text = await response.text().catch(() => undefined);
    if (text === undefined) return { type: 'lost', reason: 'the body broke off' };
    return { type: 'answer', status: response.status, headers: response.headers.toRecord(), body: text };
  };
