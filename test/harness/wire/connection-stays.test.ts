import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { connectionStays } from '../../../harness/wire/connection-stays.ts';
import { freePort } from '../../../harness/wire/free-port.ts';

let server: Server | undefined;
afterEach(() => server?.close());

const listenAnd = async (onSocket: (socket: Socket) => void) => {
  server = createServer(onSocket);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
};

it('who takes a connection and keeps it serves, and who says something', async () => {
  expect(await connectionStays(await listenAnd(() => undefined))).toBe(true);
  server!.close();
  expect(await connectionStays(await listenAnd((socket) => socket.end('220 ready\r\n')))).toBe(true);
});

it('who closes it at once does not, nor does nobody', async () => {
  expect(await connectionStays(await listenAnd((socket) => socket.end()))).toBe(false);
  server!.close();
  expect(await connectionStays(await listenAnd((socket) => socket.resetAndDestroy()))).toBe(false);
  expect(await connectionStays({ host: '127.0.0.1', port: await freePort() })).toBe(false);
});
