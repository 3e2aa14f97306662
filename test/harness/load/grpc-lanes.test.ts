import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createGrpcLanes } from '../../../harness/load/grpc-lanes.ts';
import type { Lane, LaneEnd, LaneRequest, Lanes } from '../../../harness/load/lane.ts';
import { mountGrpc } from '../../../harness/world/live/grpc-mount.ts';
import { CODES } from '../../../mocks/shared/grpc/codes.ts';
import { type GrpcCall, GrpcFailure } from '../../../mocks/shared/grpc/service.ts';
import { freePort } from '../../support/free-port.ts';

const REQUEST: LaneRequest = {
  id: 'squall-0',
  sampleIndex: 0,
  path: '/test.Echo/Ask',
  headers: { 'x-squall-tenant': 'bank' },
  body: Uint8Array.of(1, 2, 3),
};

const opened: { close(): Promise<unknown> }[] = [];
let lanes: Lanes | undefined;

afterEach(async () => {
  await lanes?.stop();
  for (const one of opened.splice(0)) await one.close();
});

/** A service of one method that does as the test says. */
const serve = async (ask: (call: GrpcCall) => Promise<Uint8Array>, port = 0) => {
  const mounted = await mountGrpc(
    [
      {
        name: 'test.Echo',
        methods: [
          {
            name: 'Ask',
            isServerStreaming: false,
            async *call(call) {
              yield await ask(call);
            },
          },
        ],
      },
    ],
    { port },
  );
  opened.push(mounted);
  return `http://${mounted.authority}`;
};

const open = (origin: string, count = 1, onIdle: (lane: Lane, after: LaneEnd['type'] | 'abort') => void = () => {}) => {
  lanes = createGrpcLanes({ origin, count, onIdle });
  return lanes.lanes;
};

const sendOn = (lane: Lane, more: Partial<LaneRequest> = {}) =>
  new Promise<LaneEnd>((resolve) => lane.send({ ...REQUEST, ...more }, resolve));

describe('a lane of gRPC', () => {
  it('carries message, metadata and deadline, and brings message and metadata back', async () => {
    let seen: GrpcCall | undefined;
    const origin = await serve(async (call) => {
      seen = call;
      call.sendMetadata({ 'x-squall-served-by': 'me' });
      return Uint8Array.of(...call.message, 4);
    });
    const [lane] = open(origin);
    expect(await sendOn(lane!, { deadlineMs: 5000 })).toMatchObject({
      type: 'answer',
      status: CODES.OK,
      headers: { 'x-squall-served-by': 'me' },
      body: Buffer.from([1, 2, 3, 4]),
    });
    expect(seen!.metadata['x-squall-tenant']).toBe('bank');
    expect(seen!.deadlineMs).toBeGreaterThan(3000);
    expect(seen!.deadlineMs).toBeLessThanOrEqual(5001);
    await sendOn(lane!);
    expect(seen!.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INVALID_ARGUMENT'] as const)(
    'tells a status that the server gave, %s, from a connection that was lost',
    async (name) => {
      const origin = await serve(async () => {
        throw new GrpcFailure(CODES[name], 'No prediction could be had.');
      });
      expect(await sendOn(open(origin)[0]!)).toMatchObject({
        type: 'answer',
        status: CODES[name],
        headers: { 'grpc-message': 'No prediction could be had.' },
      });
    },
  );

  it('says why a request was lost', async () => {
    const end = await sendOn(open(`http://127.0.0.1:${await freePort()}`)[0]!);
    expect(end).toMatchObject({ type: 'lost', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('is lost with its connection, and finds a server that is back', async () => {
    const port = await freePort();
    const { server, sockets } = await serveHttp2(port, () => sockets.forEach((socket) => void socket.destroy()));
    const [lane] = open(`http://127.0.0.1:${port}`);
    expect((await sendOn(lane!)).type).toBe('lost');
    await new Promise((resolve) => server.close(resolve));
    await serve(async () => Uint8Array.of(9), port);
    await expect.poll(async () => (await sendOn(lane!)).type, { timeout: 10_000 }).toBe('answer');
  });

  it('is idle after each answer, loss and abort; an aborted call is cancelled at the server', async () => {
    const idle: string[] = [];
    const asked: GrpcCall[] = [];
    const origin = await serve(async (call) => {
      asked.push(call);
      if (asked.length > 1) await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      return Uint8Array.of(0);
    });
    const [lane] = open(origin, 1, (_lane, after) => idle.push(after));
    await sendOn(lane!);
    lane!.send(REQUEST, () => expect.fail('an aborted request has no end'));
    await expect.poll(() => asked.length).toBe(2);
    lane!.abort();
    expect(idle).toEqual(['answer', 'abort']);
    await expect.poll(() => asked[1]!.signal.aborted).toBe(true);
  });

  it('leaves it to its caller to say that time is over', async () => {
    let isOver = false;
    const origin = await serve(
      (call) =>
        new Promise((_, reject) =>
          call.signal.addEventListener('abort', () => {
            isOver = true;
            reject(new GrpcFailure(CODES.CANCELLED, 'gone'));
          }),
        ),
    );
    const [lane] = open(origin);
    const ends: LaneEnd[] = [];
    lane!.send({ ...REQUEST, deadlineMs: 50 }, (end) => ends.push(end));
    await expect.poll(() => isOver).toBe(true);
    expect(ends.filter(({ type }) => type === 'lost')).toEqual([]);
    lane!.abort();
  });

  it('is one of many that share a few connections', async () => {
    const { sockets, server } = await serveHttp2(0, (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 1, 7]));
    });
    const all = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 250);
    const ends = await Promise.all(all.map((lane) => sendOn(lane)));
    expect(ends.every((end) => end.type === 'answer' && end.body[0] === 7)).toBe(true);
    expect(sockets.size).toBe(3);
  });
});

/** A server of HTTP/2 that has nothing of gRPC's libraries in it. */
const serveHttp2 = async (
  port: number,
  onStream: (stream: ServerHttp2Stream) => void,
): Promise<{ readonly server: Http2Server; readonly sockets: ReadonlySet<Socket> }> => {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.on('data', () => {});
    stream.once('end', () => onStream(stream));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  opened.push({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { server, sockets };
};
