import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createAlarms } from '../../harness/wire/tcp/alarms.ts';
import { createTcpProxy, dialTo, type TcpProxy } from '../../harness/wire/tcp/tcp-proxy.ts';

const HOST = '127.0.0.1';

/** A TCP proxy before a server whose sockets a test holds in its hands. */
export interface ProxiedPair extends AsyncDisposable {
  readonly proxy: TcpProxy;
  /** Sockets that the upstream has accepted, in order; allowed to be half open, and paused. */
  readonly served: readonly Socket[];
  /** Connects to the proxy. */
  call(): Socket;
  /** Both ends of a connection through the proxy. */
  pair(): Promise<{ readonly caller: Socket; readonly server: Socket }>;
  /** The upstream refuses connections from now on. */
  refuse(): Promise<void>;
  /** It listens on the same port again. */
  listenAgain(): Promise<void>;
}

/** What a peer sees at the end of a connection: its FIN, or the system's error. */
export const endOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.resume();
  });

export const textOf = async (socket: Socket): Promise<string> => {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) text += chunk;
  return text;
};

/** @param options `echo`: the upstream says back what it hears, its end too, and is not in the test's hands */
export const startProxiedPair = async ({ echo = false } = {}): Promise<ProxiedPair> => {
  const served: Socket[] = [];
  const callers = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: !echo }, (socket) => {
    socket.on('error', () => undefined);
    if (echo) {
      socket.pipe(socket);
      return;
    }
    served.push(socket);
    server.emit('served', socket);
  });
  const listen = (port: number) => once(server.listen(port, HOST), 'listening');
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const proxy = await createTcpProxy({
    listen: { host: HOST, port: 0 },
    dial: dialTo({ host: HOST, port }),
    seed: 1,
    alarms: createAlarms(),
  });
  const call = () => {
    const caller = connect({ host: HOST, port: proxy.address.port, allowHalfOpen: true });
    caller.on('error', () => undefined);
    callers.add(caller);
    caller.once('close', () => callers.delete(caller));
    return caller;
  };
  return {
    proxy,
    served,
    call,
    async pair() {
      const isServed = once(server, 'served');
      const caller = call();
      const [socket] = (await isServed) as [Socket];
      return { caller, server: socket };
    },
    async refuse() {
      if (server.listening) server.close();
    },
    async listenAgain() {
      if (!server.listening) await listen(port);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...callers, ...served]) socket.destroy();
      await proxy.close();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
};
