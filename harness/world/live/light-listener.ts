import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { noteTarget } from '../../../mocks/shared/sent-path.ts';
import type { BodySource } from '../fetch/body.ts';
import { LightHeaders } from '../fetch/headers.ts';
import { LightRequest } from '../fetch/request.ts';
import { LightResponse } from '../fetch/response.ts';

/** Bodies up to this are read before the handler is called, which then has no stream to wait for; larger ones, and those of no stated length, are streams. */
const WHOLE_LIMIT_BYTES = 1024 * 1024;

const BODYLESS_METHODS = new Set(['GET', 'HEAD']);
const BODYLESS_STATUSES = new Set([204, 304]);

/** Hosts and targets that URL would write as they are. */
const PLAIN_HOST = /^[a-z0-9._-]+(?::[1-9]\d*)?$/;
const PLAIN_TARGET = /^\/[!#$&-;=?-[\]_a-z~]*$/;
const DOT_SEGMENT = /\/\.\.?(?:[/?#]|$)/;

/** What the request asks for, in full. Null where host or target is none. */
const urlOf = ({ url = '/', headers }: IncomingMessage, scheme: string): string | null => {
  const host = headers.host ?? '';
  const href = url.startsWith('/') ? `${scheme}://${host}${url}` : url;
  if (PLAIN_HOST.test(host) && PLAIN_TARGET.test(url) && !DOT_SEGMENT.test(url)) return href;
  return URL.canParse(href) ? new URL(href).href : null;
};

const readWhole = (incoming: IncomingMessage, take: (bytes: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
  incoming.on('end', () => take(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
};

const writeStream = async (stream: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> => {
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  outgoing.once('close', stop);
  outgoing.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!outgoing.write(value)) await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
  }
  outgoing.off('close', stop);
  outgoing.end();
};

const respond = async (response: Response, isHead: boolean, outgoing: ServerResponse): Promise<void> => {
  const { status } = response;
  if (!(response instanceof LightResponse)) {
    outgoing.writeHead(status, [...response.headers].flat());
    if (response.body && !isHead) await writeStream(response.body, outgoing);
    else outgoing.end();
    return;
  }
  const light: LightResponse = response;
  const whole = light.takeWhole();
  const raw = light.headers.toRaw();
  if (whole === null) {
    outgoing.writeHead(status, raw);
    if (isHead) outgoing.end();
    else await writeStream(light.body!, outgoing);
    return;
  }
  if (!isHead && !BODYLESS_STATUSES.has(status) && !light.headers.has('content-length')) {
    raw.push('content-length', String(typeof whole === 'string' ? Buffer.byteLength(whole) : whole.byteLength));
  }
  outgoing.writeHead(status, raw);
  outgoing.end(isHead ? undefined : whole);
};

/**
 * A handler behind Node's HTTP server, for a process with the light classes of Fetch: a request whose length is stated is a LightRequest with
 * its bytes, and an answer whose body is whole leaves in one write.
 * @param scheme of the URLs that the handler sees, as callers wrote them
 */
export const createLightListener = (handler: FetchHandler, scheme: 'http' | 'https'): RequestListener => {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse, url: string, method: string, body: BodySource) => {
    const request = LightRequest.received({
      method,
      url,
      headers: LightHeaders.received(incoming.rawHeaders),
      body,
      signal() {
        const controller = new AbortController();
        const abort = () => {
          if (!outgoing.writableFinished) controller.abort();
        };
        if (outgoing.destroyed) abort();
        else outgoing.once('close', abort);
        return controller.signal;
      },
    });
    const standard = request as unknown as Request;
    // Where URL has written it as it was sent, nothing is lost.
    if (incoming.url && !url.endsWith(incoming.url)) noteTarget(standard, incoming.url);
    try {
      await respond(await handler(standard), method === 'HEAD', outgoing);
    } catch {
      // The handler's own mistake, or a body that broke off: its caller sees it as of any server.
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500, ['content-length', '0']).end();
    }
  };

  return (incoming, outgoing) => {
    const url = urlOf(incoming, scheme);
    if (url === null) {
      outgoing.writeHead(400, ['content-length', '0', 'connection', 'close']).end();
      return;
    }
    const method = incoming.method ?? 'GET';
    const length = Number(incoming.headers['content-length'] ?? Number.NaN);
    if (BODYLESS_METHODS.has(method)) void serve(incoming, outgoing, url, method, { type: 'none' });
    else if (length <= WHOLE_LIMIT_BYTES) {
      readWhole(incoming, (bytes) => void serve(incoming, outgoing, url, method, { type: 'bytes', bytes }));
    } else if (Number.isNaN(length) && incoming.headers['transfer-encoding'] === undefined) {
      void serve(incoming, outgoing, url, method, { type: 'none' });
    } else {
      const stream = Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>;
      void serve(incoming, outgoing, url, method, { type: 'stream', stream });
    }
  };
};
