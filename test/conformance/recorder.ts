import type { FetchHandler } from '../../mocks/emulator.ts';

/** A request as it came over the socket. */
export interface Recorded {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A handler that also keeps what it is asked. */
export interface Recorder {
  readonly handler: FetchHandler;
  readonly requests: readonly Recorded[];
}

/** Stands before a handler and keeps every request to it. */
export const record = (handler: FetchHandler): Recorder => {
  const requests: Recorded[] = [];
  return {
    requests,
    async handler(request) {
      const { pathname, search } = new URL(request.url);
      const recorded: Recorded = {
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: new Uint8Array(await request.arrayBuffer()),
      };
      requests.push(recorded);
      return handler(toRequest(recorded, new URL(request.url).origin));
    },
  };
};

/** The request again, e.g. with something changed. */
export const toRequest = ({ method, path, headers, body }: Recorded, origin: string): Request =>
  new Request(`${origin}${path}`, {
    method,
    headers: { ...headers },
    ...(method === 'GET' || method === 'HEAD' || body.length === 0 ? {} : { body: Uint8Array.from(body) }),
  });
