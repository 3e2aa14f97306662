import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP server of a test. */
export interface Upstream extends AsyncDisposable {
  /** `127.0.0.1:40123`. */
  readonly address: string;
}

/** Serves connections on loopback. */
export const startUpstream = async (serve: (socket: Socket) => void): Promise<Upstream> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/** Says back what it is told. */
export const echo = (socket: Socket): void => void socket.pipe(socket);

/**
 * Says something, and ends when as much has been said back.
 * Rejects with the system's error, e.g. `ECONNREFUSED`, or when the other side ends before.
 * @param address `127.0.0.1:40123`
 * @returns what was said back
 */
export const talk = (address: string, said: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host = '', port] = address.split(':');
    let heard = '';
    const socket = connect({ host, port: Number(port) });
    socket.on('connect', () => socket.write(said));
    socket.on('data', (chunk) => {
      heard += chunk;
      if (heard.length >= said.length) socket.end(() => resolve(heard));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the other side ended after ${JSON.stringify(heard)}`)));
  });

/** A connection that says nothing and stays; resolves when it is there. `ended` does when the other side has gone, with the way it went. */
export const hold = async (address: string): Promise<{ readonly ended: Promise<string> }> => {
  const [host = '', port] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const ended = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('end', () => resolve('end'));
  });
  return { ended };
};
