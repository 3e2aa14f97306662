import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { type DriveOptions, driveOver } from '../../harness/load/drive-over.ts';
import { createHttpLanes } from '../../harness/load/http-lanes.ts';
import type { RequestRecord } from '../../harness/load/sample.ts';
import type { LoadPlan } from '../../harness/scenario/scenario.ts';

/** A server on loopback that has nothing of squall's in it. */
export interface TestServer {
  readonly origin: string;
  close(): Promise<void>;
}

const listen = async (server: Server): Promise<TestServer> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

export const serveHttp = (listener: RequestListener): Promise<TestServer> => listen(createServer(listener));

export const serveTcp = (onConnection: (socket: Socket) => void): Promise<TestServer> => listen(createTcpServer(onConnection));

/** Answers as the gateway does, with the first digit that `label` gives. */
export const answering =
  (label = 4, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ outputs: [{ name: 'label', shape: [1], datatype: 'INT64', data: [label] }] }));
    });
  };

/** One sample, so that every request carries it: a blank image that is a 4. */
const SAMPLES = [{ pixels: new Array<number>(64).fill(0), label: 4 }];

export const openPlan = (perS: number, { timeoutMs = 5000 } = {}): LoadPlan => ({
  door: 'rest',
  model: 'digits',
  timeoutMs,
  goodWithinMs: timeoutMs,
  shape: { type: 'open', arrivals: 'constant', stages: [{ forMs: 1000, fromPerS: perS, toPerS: perS }] },
});

export const closedPlan = (connections: number, { timeoutMs = 5000 } = {}): LoadPlan => ({
  door: 'rest',
  model: 'digits',
  timeoutMs,
  goodWithinMs: timeoutMs,
  shape: { type: 'closed', connections },
});

export const epochMs = (): number => performance.timeOrigin + performance.now();

/** Sends a load of HTTP in this thread. */
export const startDrive = (origin: string, plan: LoadPlan, durationMs: number, more: Partial<DriveOptions> = {}) => {
  const records: RequestRecord[] = [];
  const options: DriveOptions = {
    origin,
    plan,
    seed: 1,
    warmupMs: 0,
    durationMs,
    timelineStartEpochMs: epochMs(),
    samples: SAMPLES,
    onRecord: (record) => records.push(record),
    ...more,
  };
  const load = driveOver(options, createHttpLanes);
  return { ...load, records };
};

/** Sends a load to its end, and gives its records in the order of their due times. */
export const driveToEnd = async (...args: Parameters<typeof startDrive>): Promise<readonly RequestRecord[]> => {
  const { done, records } = startDrive(...args);
  await done;
  return records.sort((a, b) => a.dueMs - b.dueMs);
};

/** How often each outcome occurs. */
export const outcomesOf = (records: readonly RequestRecord[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of records) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};
