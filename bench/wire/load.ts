import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { BenchProblem } from '../problem.ts';
import { HOST, which } from './processes.ts';
import { BULK_BYTES, PATHS } from './upstream.ts';

export interface HttpFigures {
  readonly requestsPerS: number;
  readonly p99Ms: number;
}

const wrk = which('wrk');
export const clientName = wrk ? 'wrk' : 'autocannon';

const MS_OF = { us: 0.001, ms: 1, s: 1000, m: 60_000 } as const;

const byWrk = async (url: string, connections: number, seconds: number, headers: readonly string[]): Promise<HttpFigures> => {
  const flags = ['-t1', `-c${connections}`, `-d${seconds}`, '--latency', ...headers.flatMap((header) => ['-H', header])];
  const { stdout } = await promisify(execFile)(wrk!, [...flags, url]);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout);
  const p99 = /99%\s+([\d.]+)(us|ms|s|m)\b/.exec(stdout);
  const bad = /Non-2xx or 3xx responses: \d+/.exec(stdout);
  if (!rate || !p99 || bad) throw new BenchProblem(`wrk got no good answers from ${url}: ${stdout}`);
  return { requestsPerS: Number(rate[1]), p99Ms: Number(p99[1]) * MS_OF[p99[2] as keyof typeof MS_OF] };
};

const byAutocannon = async (url: string, connections: number, seconds: number): Promise<HttpFigures> => {
  const result = await autocannon({ url, connections, duration: seconds });
  if (result.non2xx > 0 || result['2xx'] === 0) throw new BenchProblem(`autocannon got no good answers from ${url}.`);
  return { requestsPerS: result['2xx'] / result.duration, p99Ms: result.latency.p99 };
};

/** Closed loop: each connection asks again when it is answered. */
export const loadHttp = (port: number, connections: number, seconds: number): Promise<HttpFigures> =>
  (wrk ? byWrk : byAutocannon)(`http://${HOST}:${port}${PATHS.small}`, connections, seconds, []);

const SHORT_LANES = 16;

const ask = (path: string, connection: string) => `GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: ${connection}\r\n\r\n`;

/** Connections a second that each get one answer. */
export const openAndClose = async (port: number, seconds: number): Promise<number> => {
  if (wrk) return (await byWrk(`http://${HOST}:${port}${PATHS.small}`, SHORT_LANES, seconds, ['Connection: close'])).requestsPerS;
  const startedMs = performance.now();
  let closed = 0;
  const lane = async () => {
    while (performance.now() - startedMs < seconds * 1000) {
      const socket = connect({ host: HOST, port, noDelay: true });
      socket.end(ask(PATHS.small, 'close')).resume();
      await once(socket, 'close');
      closed += 1;
    }
  };
  await Promise.all(Array.from({ length: SHORT_LANES }, lane));
  return (closed * 1000) / (performance.now() - startedMs);
};

/** MB/s of one download after the other on one connection. */
export const download = async (port: number, seconds: number): Promise<number> => {
  let received = 0;
  const onread = {
    buffer: Buffer.alloc(256 * 1024),
    callback(bytes: number) {
      received += bytes;
      // A head is far smaller than what would make it a download more.
      if (received >= asked * BULK_BYTES) request();
      return true;
    },
  };
  let asked = 0;
  const socket: Socket = connect({ host: HOST, port, onread });
  const request = () => {
    asked += 1;
    socket.write(ask(PATHS.bulk, 'keep-alive'));
  };
  await once(socket, 'connect');
  const startedMs = performance.now();
  request();
  await Promise.race([sleep(seconds * 1000), once(socket, 'close')]);
  const perS = received / (performance.now() - startedMs) / 1000;
  if (socket.destroyed) throw new BenchProblem(`The download from port ${port} ended early.`);
  socket.destroy();
  return perS;
};

const AT_A_TIME = 64;

/** Opens connections that say nothing. @returns what closes them */
export const openIdle = async (port: number, count: number): Promise<() => void> => {
  const sockets: Socket[] = [];
  const lane = async () => {
    while (sockets.length < count) {
      const socket = connect(port, HOST);
      sockets.push(socket);
      await once(socket, 'connect');
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return () => {
    for (const socket of sockets) socket.destroy();
  };
};
