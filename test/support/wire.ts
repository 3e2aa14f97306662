import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Fault, FaultEffect } from '../../harness/faults/kind.ts';
import type { Link } from '../../harness/topology/link.ts';
import { createLinkProxy, type LinkProxy, type LinkProxyOptions } from '../../harness/wire/link/link-proxy.ts';

/** A link of an imaginary region, without a round trip of its own unless given one. */
export const linkWith = (part: Partial<Link> = {}): Link => ({
  id: 'aws/us-east-1/sagemaker-runtime',
  provider: 'aws',
  region: 'us-east-1',
  service: 'sagemaker-runtime',
  role: 'inference',
  rttMs: 0,
  ...part,
});

export const faultWith = (part: Partial<Fault> = {}): Fault => ({
  name: 'fault',
  kind: 'test',
  targets: ['*'],
  atMs: 0,
  forMs: 10_000,
  probability: 1,
  settings: {},
  ...part,
});

/** A connection state as an effect. */
export const stateEffect = (state: 'refuse' | 'reset' | 'blackhole'): FaultEffect => ({ connection: () => state });

/** An HTTP server in the emulator's place. */
export const startUpstream = async (listener: RequestListener) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export interface TestWire {
  readonly proxy: LinkProxy;
  readonly port: number;
  readonly events: string[];
  readonly broken: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A link proxy before an upstream of its own. */
export const startWire = async (
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<LinkProxyOptions> = {},
  createLink: typeof createLinkProxy = createLinkProxy,
): Promise<TestWire> => {
  const upstream = await startUpstream(listener);
  const events: string[] = [];
  const broken: string[] = [];
  const proxy = await createLink({
    link: linkWith(),
    upstreamOrigin: upstream.origin,
    seed: 1,
    onEvent: (text) => events.push(text),
    onBroken: (text) => broken.push(text),
    ...options,
  }).catch(async (error: unknown) => {
    await upstream.close();
    throw error;
  });
  return {
    proxy,
    port: Number(new URL(proxy.origin).port),
    events,
    broken,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await upstream.close();
    },
  };
};

/** A bare TCP client: what happens on the socket, and nothing that an HTTP client would make of it. */
export interface RawClient {
  readonly socket: Socket;
  /** All that has come, as Latin-1. */
  readonly received: () => string;
  /** `ECONNREFUSED`, `ECONNRESET`, ... or `end` when the other side closed in order. */
  readonly ended: Promise<string>;
  readonly connected: Promise<void>;
  send(text: string): void;
  /** Resolves when the text has come. */
  until(text: string): Promise<void>;
}

export const rawClient = (port: number): RawClient => {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  const waiting = new Set<() => void>();
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (const check of waiting) check();
  });
  const ended = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('end', () => resolve('end'));
    socket.once('close', () => resolve('close'));
  });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  // A test that expects the refusal looks at `ended`.
  connected.catch(() => undefined);
  return {
    socket,
    received: () => received,
    ended,
    connected,
    send: (text) => void socket.write(text, 'latin1'),
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!received.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        void ended.then((how) => reject(new Error(`the connection ended (${how}) before ${JSON.stringify(text)} came`)));
        check();
      }),
  };
};

export const GET = 'GET /predict HTTP/1.1\r\nhost: models.example\r\n\r\n';

/**
 * Resolves when the wire, in this process, has seen all that clients have sent. Loopback delivers at once, and the event loop takes
 * one connection a turn, then reads in a later one: some turns are enough, however slow they are.
 */
export const settled = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};
