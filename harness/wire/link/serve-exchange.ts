import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import { ConnectionReset } from '../../faults/kind.ts';
import type { RequestHead } from '../../faults/request-selector.ts';
import type { ServiceLink } from '../../topology/link.ts';
import type { ActiveFault } from './active-fault.ts';
import { hasBody, isSmallBody, readBody, streamBody } from './body.ts';
import { endToEndHeaders, fromHeaders, toHeaders } from './headers.ts';
import { composeFaults, type SelectedFault, selectFaults } from './intercept.ts';
import { BodyTooLarge, type WireLimits } from './limits.ts';
import type { OpenExchange } from './open-exchange.ts';
import type { SwitchedUpstream } from './switched-upstream.ts';
import type { UpstreamAnswer, UpstreamRequest } from './upstream.ts';

export interface ServeOptions {
  readonly link: ServiceLink;
  readonly seed: number;
  readonly upstream: SwitchedUpstream;
  readonly limits: WireLimits;
  /** Faults that hold the link, in the order of their starts. */
  readonly actives: () => readonly ActiveFault[];
  readonly onFailure: (failure: ExchangeFailure) => void;
}

/** Why an exchange came to nothing, where it was neither a fault's doing nor the caller's. */
export type ExchangeFailure = BodyTooLarge | UnfitRequest | UpstreamFailed | FaultFailed;

/** The request can't be shown to a fault as the web platform's Request. */
export class UnfitRequest extends Error {
  override readonly name = 'UnfitRequest';
}

/** The emulator did not answer as HTTP asks. */
export class UpstreamFailed extends Error {
  override readonly name = 'UpstreamFailed';
}

/** A fault kind's interceptor threw what it must not. */
export class FaultFailed extends Error {
  override readonly name = 'FaultFailed';
}

const BODYLESS_METHODS = new Set(['GET', 'HEAD']);
/** Statuses that a Response refuses a body for (Fetch standard, null body status). */
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** Carries exchanges over a link: round trip, faults, provider. Never rejects. */
export const createExchangeServer = (options: ServeOptions): ((open: OpenExchange) => Promise<void>) => {
  const { link, upstream, limits } = options;

  const send = (open: OpenExchange, body: UpstreamRequest['body']): Promise<UpstreamAnswer> => {
    const { method, url, rawHeaders } = open.request;
    return upstream.send({ method: method!, path: url!, headers: endToEndHeaders(rawHeaders), body }, open.over);
  };

  /** The way without a fault: nothing is held that need not be, and bodies stream in both directions. */
  const passThrough = async (open: OpenExchange) => {
    const { request } = open;
    let body: UpstreamRequest['body'] = null;
    if (isSmallBody(request)) body = await readBody(request, limits.maxBodyBytes);
    else if (hasBody(request)) body = streamBody(request, limits.maxBodyBytes);
    if (link.rttMs > 0) await open.delay(link.rttMs);
    const answer = await send(open, body);
    await open.answer({ ...answer, headers: endToEndHeaders(answer.headers) });
  };

  /** The way with faults: they see the request whole, body read, and the answer as it streams. */
  const passFaults = async (open: OpenExchange, selected: readonly SelectedFault[]) => {
    const body = await readBody(open.request, limits.maxBodyBytes);
    const request = toRequest(open, body);
    if (link.rttMs > 0) await open.delay(link.rttMs);
    const forward = async () => toResponse(await send(open, body).catch(rethrowAs(UpstreamFailed)));
    const response = await composeFaults(link, selected, request, open)(forward).catch(rethrowAs(FaultFailed));
    await open.answer({
      status: response.status,
      // A fault's own answer states none; Python's clients put it into their errors.
      statusText: response.statusText || (STATUS_CODES[response.status] ?? ''),
      headers: endToEndHeaders(fromHeaders(response.headers)),
      body: response.body,
    });
  };

  return async (open) => {
    try {
      const selected = selectFaults(link, options.seed, options.actives(), headOfIncoming(open.request));
      await (selected.length === 0 ? passThrough(open) : passFaults(open, selected));
    } catch (error) {
      if (open.over.aborted || open.isLost) return;
      if (error instanceof ConnectionReset) return open.reset();
      if (upstream.isFaulted && !isOwnFailure(error)) return open.reset();
      const failure = isFailure(error) ? error : new UpstreamFailed((error as Error).message, { cause: error });
      options.onFailure(failure);
      const status = REFUSALS.get(failure.name);
      if (status === undefined || open.isAnswered) open.reset();
      else await refuse(open, status, failure.message);
    }
  };
};

/** Failures that are the request's own: answered rather than reset. */
const REFUSALS: ReadonlyMap<string, number> = new Map([
  ['BodyTooLarge', 413],
  ['UnfitRequest', 400],
]);

/** What is wrong with the request, or with a fault's code: not with the way to the emulator. */
const isOwnFailure = (error: unknown): boolean => isFailure(error) && !(error instanceof UpstreamFailed);

const isFailure = (error: unknown): error is ExchangeFailure =>
  [BodyTooLarge, UnfitRequest, UpstreamFailed, FaultFailed].some((type) => error instanceof type);

/** Gives an error without a meaning here the one of the place it was caught at. */
const rethrowAs =
  (Type: typeof UpstreamFailed | typeof FaultFailed) =>
  (error: unknown): never => {
    if (isFailure(error) || error instanceof ConnectionReset) throw error;
    throw new Type(error instanceof Error ? error.message : String(error), { cause: error });
  };

const refuse = (open: OpenExchange, status: number, message: string) =>
  open.answer({
    status,
    statusText: STATUS_CODES[status]!,
    // What is left of the body is not read: the connection can't carry another request.
    headers: ['content-type', 'application/json', 'connection', 'close'],
    body: JSON.stringify({ error: message }),
  });

const headOfIncoming = ({ method = '', url = '', headers }: IncomingMessage): RequestHead => ({
  method,
  get path() {
    return url.split('?', 1)[0]!;
  },
  header(name) {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : String(value);
  },
});

const toRequest = (open: OpenExchange, body: Buffer): Request => {
  const { method, url, rawHeaders, headers } = open.request;
  try {
    return new Request(new URL(url!, `http://${headers.host ?? 'localhost'}`), {
      method: method!,
      headers: toHeaders(endToEndHeaders(rawHeaders)),
      signal: open.over,
      ...(BODYLESS_METHODS.has(method!) || body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
  } catch (error) {
    throw new UnfitRequest(`squall's wire can't pass this request through a fault: ${(error as Error).message}`);
  }
};

const toResponse = (answer: UpstreamAnswer): Response => {
  const hasNoBody = NULL_BODY_STATUSES.has(answer.status);
  if (hasNoBody) answer.body.on('error', () => undefined).resume();
  return new Response(hasNoBody ? null : (Readable.toWeb(answer.body) as ReadableStream<Uint8Array>), {
    status: answer.status,
    statusText: answer.statusText,
    headers: toHeaders(endToEndHeaders(answer.headers)),
  });
};
