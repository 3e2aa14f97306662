/** Echoes what it hears; whoever says BULK first hears zeros without end. A process of its own, which says its port to its parent. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { HOST, type Running, stopper } from './processes.ts';

export const BULK = 'bulk';
/** Ends the connection in good order. */
export const END = 'end';

export const startEcho = async (): Promise<Running> => {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [port] = (await once(child, 'message')) as [number];
  return { port, pid: child.pid!, stop: stopper(child) };
};

const serve = () => {
  const zeros = Buffer.alloc(64 * 1024);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const said = chunk.toString('latin1');
      if (said === END) socket.end();
      else if (said !== BULK) socket.write(chunk);
      else {
        const talk = () => {
          while (!socket.destroyed && socket.write(zeros));
        };
        socket.on('drain', talk);
        talk();
      }
    });
  });
  server.listen(0, HOST, () => process.send!((server.address() as AddressInfo).port));
  process.on('disconnect', () => process.exit());
};

if (process.send && process.argv[2] === 'serve') serve();
