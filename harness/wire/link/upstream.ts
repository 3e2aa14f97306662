import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import { connectWith } from '../../tls/own-identity.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';

/** What goes to the provider: the caller's request, unchanged but for the headers of its connection. */
export interface UpstreamRequest {
  readonly method: string;
  /** Path and query as the caller wrote them. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | AsyncIterable<Buffer> | null;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn, as the provider wrote them. */
  readonly headers: readonly string[];
  readonly body: Readable;
}

/** The way from the wire to an emulator. */
export interface Upstream {
  /** Resolves with the answer's head; its body streams. Aborting the signal cuts the exchange at either stage. */
  send(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

/**
 * @param origin of the emulator's endpoint, e.g. `http://127.0.0.1:41234`
 * @param identity what the wire proves itself by, and whom it believes; for an origin of HTTPS
 */
export const createUpstream = (origin: string, identity?: IdentitySource): Upstream => {
  const connect = identity ? { connect: connectWith(() => identity.current) } : {};
  // No time-outs here: how long to wait is the caller's business, and shows as its abort.
  const pool = new Pool(origin, { headersTimeout: 0, bodyTimeout: 0, pipelining: 1, connections: null, ...connect });
  return {
    async send({ method, path, headers, body }, signal) {
      const answer = await pool.request({
        method: method as 'GET',
        path,
        headers,
        body: body as Buffer | null,
        signal,
        responseHeaders: 'raw',
      });
      return {
        status: answer.statusCode,
        statusText: answer.statusText ?? '',
        // `raw` changes the type from a record to pairs; undici's declaration does not say so.
        headers: answer.headers as unknown as readonly string[],
        body: answer.body,
      };
    },
    close: () => pool.destroy(),
  };
};
