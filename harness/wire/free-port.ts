import { createListener } from './listener.ts';
import { openOnPort } from './ports.ts';

/**
 * A port on loopback for a program that must be told one, out of the range that the system gives to outgoing connections: between now and the
 * program's own listening nobody else is given it.
 * @param asked undefined takes a free one
 * @throws {SquallError} `PORT_IN_USE`; `BAD_FLAG` for a port that is not for this user
 */
export const freePort = (asked?: number): Promise<number> =>
  openOnPort(asked, async (port) => {
    const probe = await createListener({
      listen: { host: '127.0.0.1', port },
      onSocket: (socket) => socket.destroy(),
      onError: () => undefined,
    });
    await probe.close();
    return port;
  });
