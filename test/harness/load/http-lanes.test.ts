import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AutocannonClient, createHttpLanes } from '../../../harness/load/http-lanes.ts';
import type { Lane, LaneEnd, LaneRequest, Lanes } from '../../../harness/load/lane.ts';
import { answering, serveHttp, serveTcp, type TestServer } from '../../support/load.ts';

describe('the installed autocannon', () => {
  it('is the version whose internals are used, and may not become another by itself', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    const installed = JSON.parse(readFileSync(new URL('../../../node_modules/autocannon/package.json', import.meta.url), 'utf8'));
    expect(manifest.dependencies.autocannon).toBe(installed.version);
  });

  it('has the internals that lanes are made of', async () => {
    const seen: Record<string, unknown>[] = [];
    const run = autocannon({
      url: 'http://127.0.0.1:1/',
      connections: 1,
      duration: 1,
      sampleInt: 10,
      setupClient: (given) => {
        const client = given as AutocannonClient;
        seen.push({
          connect: typeof client._connect,
          doRequest: typeof client._doRequest,
          destroyConnection: typeof client._destroyConnection,
          setRequests: typeof client.setRequests,
          execute: typeof client.parser.execute,
          initialize: typeof client.parser.initialize,
          connBeforeConnect: client.conn,
        });
        // Called last by the constructor: without it nothing connects.
        client._connect = () => void seen.push({ connected: true });
        client._destroyConnection = () => {};
      },
    });
    const method = 'function';
    expect(seen).toEqual([
      {
        connect: method,
        doRequest: method,
        destroyConnection: method,
        setRequests: method,
        execute: method,
        initialize: method,
        connBeforeConnect: undefined,
      },
      { connected: true },
    ]);
    (run as unknown as autocannon.Instance).stop();
    await run;
  });
});

const REQUEST: LaneRequest = {
  id: 'squall-0',
  sampleIndex: 0,
  path: '/',
  headers: { 'content-type': 'application/json' },
  body: '{}',
};

describe('a lane', () => {
  let server: TestServer | undefined;
  let lanes: Lanes | undefined;
  afterEach(async () => {
    await lanes?.stop();
    await server?.close();
  });

  const open = (origin: string, count = 1, onIdle: (lane: Lane, after: LaneEnd['type'] | 'abort') => void = () => {}) => {
    lanes = createHttpLanes({ origin, count, onIdle });
    return lanes.lanes;
  };
  const sendOn = (lane: Lane) => new Promise<LaneEnd>((resolve) => lane.send(REQUEST, resolve));

  it('connects when it first sends, not before, and then keeps its connection', async () => {
    const ports = new Set<number | undefined>();
    server = await serveHttp((request, response) => {
      ports.add(request.socket.remotePort);
      answering()(request, response);
    });
    const [lane] = open(server.origin, 3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ports.size).toBe(0);
    for (let i = 0; i < 3; i++) expect(await sendOn(lane!)).toMatchObject({ type: 'answer', status: 200 });
    expect(ports.size).toBe(1);
  });

  it('does not trust a connection that was idle for long, since the server may be closing it', async () => {
    const ports = new Set<number | undefined>();
    server = await serveHttp((request, response) => {
      ports.add(request.socket.remotePort);
      answering()(request, response);
    });
    const [lane] = open(server.origin);
    await sendOn(lane!);
    const later = performance.now() + 4100;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
    const second = sendOn(lane!);
    clock.mockRestore();
    expect(await second).toMatchObject({ type: 'answer', status: 200 });
    expect(ports.size).toBe(2);
  });

  it('is idle after each answer, loss and abort', async () => {
    const idle: string[] = [];
    let turn = 0;
    server = await serveHttp((request, response) => {
      turn += 1;
      if (turn === 1) answering()(request, response);
      if (turn === 2) request.socket.destroy();
    });
    const [lane] = open(server.origin, 1, (_lane, after) => idle.push(after));
    await sendOn(lane!);
    expect((await sendOn(lane!)).type).toBe('lost');
    lane!.send(REQUEST, () => expect.fail('an aborted request has no end'));
    lane!.abort();
    expect(idle).toEqual(['answer', 'lost', 'abort']);
  });

  it('that is aborted resets its connection, so that the server knows at once', async () => {
    const errors: unknown[] = [];
    server = await serveTcp((socket) => void socket.on('error', (error) => errors.push(error)).once('data', () => lane?.abort()));
    const [lane] = open(server.origin);
    lane!.send(REQUEST, () => {});
    await expect.poll(() => errors, { timeout: 10_000 }).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('sends each request with its own path and headers', async () => {
    const seen: unknown[] = [];
    server = await serveHttp((request, response) => {
      seen.push([request.method, request.url, request.headers['x-squall-tenant']]);
      answering()(request, response);
    });
    const [lane] = open(server.origin);
    const send = (request: LaneRequest) => new Promise<LaneEnd>((resolve) => lane!.send(request, resolve));
    await send({ ...REQUEST, path: '/a', headers: { 'x-squall-tenant': 'bank' } });
    await send({ ...REQUEST, method: 'GET', path: '/b?c=d' });
    expect(seen).toEqual([
      ['POST', '/a', 'bank'],
      ['GET', '/b?c=d', undefined],
    ]);
  });

  it('says why a request was lost', async () => {
    const gone = await serveHttp(answering());
    await gone.close();
    expect(await sendOn(open(gone.origin)[0]!)).toMatchObject({ type: 'lost', reason: expect.stringContaining('ECONNREFUSED') });
  });
});
