import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closeEnd, endAfterWrites, resetEnd } from '../../../../harness/wire/tcp/end.ts';
import { endOf, textOf } from '../../../support/tcp-proxy.ts';

/** Two sockets that are connected to each other; the peer reads nothing until it is told to. */
const connected = async (): Promise<{ socket: Socket; peer: Socket } & AsyncDisposable> => {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [[peer]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(socket, 'connect')]);
  peer.on('error', () => undefined);
  return {
    socket,
    peer,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      peer.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const MORE_THAN_THE_KERNEL_TAKES = Buffer.alloc(32 * 1024 * 1024);

describe('an end of a connection', () => {
  it('can be reset although it is to end after writes that its peer does not take', async () => {
    await using ends = await connected();
    ends.socket.write(MORE_THAN_THE_KERNEL_TAKES);
    endAfterWrites(ends.socket);
    const closed = once(ends.socket, 'close');
    resetEnd(ends.socket);
    await closed;
    expect(await endOf(ends.peer)).toBe('ECONNRESET');
  });

  it('closes without an error when it is reset in the moment that it ends', async () => {
    await using ends = await connected();
    // `once` rejects on an error.
    const closed = once(ends.socket, 'close');
    endAfterWrites(ends.socket);
    resetEnd(ends.socket);
    await closed;
    expect(await endOf(ends.peer)).toMatch(/^(end|ECONNRESET)$/);
  });

  it('is given up at once when it is reset before it is connected', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    resetEnd(socket);
    expect(socket.destroyed).toBe(true);
    await once(socket, 'close');
    server.close();
  });

  it('ends with a FIN after what is written, and without a reset, although its peer says what nobody needs', async () => {
    await using ends = await connected();
    ends.peer.end(Buffer.alloc(8_000_000));
    ends.socket.write(Buffer.alloc(1_000_000, 'x'));
    closeEnd(ends.socket);
    // `once` rejects on a reset.
    const [text] = await Promise.all([textOf(ends.peer), once(ends.peer, 'close')]);
    expect(text.length).toBe(1_000_000);
  });

  it('does not wait for a peer that never ends', async () => {
    await using ends = await connected();
    const closed = once(ends.socket, 'close');
    closeEnd(ends.socket);
    expect(await textOf(ends.peer)).toBe('');
    await closed;
  });
});
