import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import {
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRule } from '../../../../harness/wire/http/rules/rule.ts';
import { always, listening, proxyTo, rulesOf, type TestProxy } from '../../../support/http-proxy.ts';

const asIs = (bytes: Buffer): Buffer => bytes;

const method = (name: string, requestStream: boolean, responseStream: boolean): MethodDefinition<Buffer, Buffer> => ({
  path: `/test.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});

const methods = { Unary: method('Unary', false, false), Count: method('Count', false, true), Chat: method('Chat', true, true) };

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Setup {
  readonly wire: TestProxy;
  readonly client: Client;
  /** Calls that the server has seen. */
  readonly seen: string[];
  /** The server's connections end without a word, as when its process dies. */
  loseUpstream(): void;
}

/** grpc-js on both sides; `Count` says so many numbers as it is asked for, `Chat` echoes. */
const setUp = async (rules: readonly HttpRule[] = []): Promise<Setup> => {
  const seen: string[] = [];
  const server = new Server();
  const handlers = {
    Unary(call: { request: Buffer; metadata: Metadata }, callback: (error: unknown, value?: Buffer, trailer?: Metadata) => void) {
      seen.push(`Unary ${call.request}`);
      if (String(call.request) === 'fail') return callback({ code: status.NOT_FOUND, details: 'no ünicorn' });
      const trailer = new Metadata();
      trailer.set('x-trailer', String(call.metadata.get('x-asked')[0] ?? ''));
      callback(null, Buffer.from(`echo ${call.request}`), trailer);
    },
    Count(call: { request: Buffer; write(bytes: Buffer): void; end(): void }) {
      seen.push(`Count ${call.request}`);
      for (let i = 1; i <= Number(call.request); i++) call.write(Buffer.from(String(i)));
      call.end();
    },
    Chat(call: NodeJS.ReadWriteStream) {
      seen.push('Chat');
      call.on('data', (bytes) => call.write(bytes));
      call.on('end', () => call.end());
    },
  };
  server.addService(methods, handlers as unknown as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  );
  closing.push(() => server.forceShutdown());
  const upstreams: Socket[] = [];
  const dial = createServer((caller) => {
    const upstream = connect(port, '127.0.0.1');
    upstreams.push(upstream);
    for (const end of [caller, upstream]) end.on('error', () => undefined);
    upstream.on('close', () => caller.destroy());
    caller.pipe(upstream).pipe(caller);
  });
  const way = await listening(dial);
  closing.push(() => void dial.close());
  const wire = await proxyTo(way, { rules });
  closing.push(() => wire[Symbol.asyncDispose]());
  const client = new Client(`127.0.0.1:${wire.port}`, credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  closing.push(() => client.close());
  const loseUpstream = () => {
    for (const upstream of upstreams) upstream.destroy();
  };
  return { wire, client, seen, loseUpstream };
};

interface Called {
  readonly value: string | undefined;
  readonly error: ServiceError | null;
  readonly trailers: Metadata | undefined;
}

const unary = (client: Client, said: string, metadata = new Metadata()): Promise<Called> =>
  new Promise((resolve) => {
    let value: string | undefined;
    let error: ServiceError | null = null;
    const { path, requestSerialize, responseDeserialize } = methods.Unary;
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      Buffer.from(said),
      metadata,
      (failure, bytes) => {
        value = bytes?.toString();
        error = failure;
      },
    );
    call.on('status', ({ metadata: trailers }) => queueMicrotask(() => setImmediate(() => resolve({ value, error, trailers }))));
  });

const count = (client: Client, n: number) =>
  new Promise<{ readonly values: string[]; readonly code: number; readonly details: string; readonly trailers: Metadata }>(
    (resolve) => {
      const { path, requestSerialize, responseDeserialize } = methods.Count;
      const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, Buffer.from(String(n)));
      const values: string[] = [];
      call.on('data', (bytes) => values.push(String(bytes)));
      call.on('error', () => undefined);
      call.on('status', ({ code, details, metadata }) => resolve({ values, code, details, trailers: metadata }));
    },
  );

describe('gRPC through the proxy', () => {
  it('passes calls of all kinds, with their metadata, trailers and failures', async () => {
    const { client } = await setUp();
    const metadata = new Metadata();
    metadata.set('x-asked', 'kept');
    const good = await unary(client, 'hello', metadata);
    expect(good).toMatchObject({ value: 'echo hello', error: null });
    expect(good.trailers?.get('x-trailer')).toEqual(['kept']);
    expect((await unary(client, 'fail')).error).toMatchObject({ code: status.NOT_FOUND, details: 'no ünicorn' });
    expect(await count(client, 500)).toMatchObject({
      values: Array.from({ length: 500 }, (_, i) => String(i + 1)),
      code: status.OK,
    });
    const chat = client.makeBidiStreamRequest(methods.Chat.path, asIs, asIs);
    for (const said of ['one', 'two']) {
      chat.write(Buffer.from(said));
      expect(String(await once(chat, 'data'))).toBe(said);
    }
    chat.end();
    expect((await once(chat, 'status'))[0].code).toBe(status.OK);
  });

  it("grpc-status is the client's own error with code, message and metadata; the server sees nothing", async () => {
    const fault = { type: 'grpc-status', code: 'UNAVAILABLE', message: 'täglich 100% weg', trailers: { 'x-reason': 'chaos' } };
    const { client, seen, wire } = await setUp(always(fault));
    const { error } = await unary(client, 'hello');
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: 'täglich 100% weg' });
    expect(error!.metadata.get('x-reason')).toEqual(['chaos']);
    expect(seen).toEqual([]);
    expect(wire.proxy.meter.landed.get('rule-1')).toBe(1);
  });

  it.each(Object.keys(status).filter((name) => Number.isNaN(Number(name)) && name !== 'OK'))(
    'grpc-status %s arrives as itself',
    async (code) => {
      const { client } = await setUp(always({ type: 'grpc-status', code }));
      expect((await unary(client, 'hello')).error?.code).toBe(status[code as keyof typeof status]);
    },
  );

  it('grpc-status after some messages ends the stream with trailers behind them', async () => {
    const { client } = await setUp(
      always({ type: 'grpc-status', code: 'RESOURCE_EXHAUSTED', message: 'enough', afterMessages: 3, trailers: { 'x-at': '3' } }),
    );
    const cut = await count(client, 1000);
    expect(cut).toMatchObject({ values: ['1', '2', '3'], code: status.RESOURCE_EXHAUSTED, details: 'enough' });
    expect(cut.trailers.get('x-at')).toEqual(['3']);
    expect(await count(client, 2)).toMatchObject({ values: ['1', '2'], code: status.OK });
  });

  it('is matched by service and method', async () => {
    const { client } = await setUp(
      rulesOf({ match: { grpc: 'test.Echo/Unary' }, fault: { type: 'grpc-status', code: 'ABORTED' } }),
    );
    expect((await unary(client, 'x')).error?.code).toBe(status.ABORTED);
    expect((await count(client, 1)).code).toBe(status.OK);
  });

  it('a truncated stream, a reset one and an HTTP status are what grpc-js makes of them', async () => {
    const { client, wire } = await setUp();
    const cases = [
      [{ type: 'truncate', afterMessages: 2, by: 'reset' }, ['1', '2'], status.INTERNAL],
      [{ type: 'reset', code: 'REFUSED_STREAM' }, [], status.UNAVAILABLE],
      [{ type: 'reset', code: 'ENHANCE_YOUR_CALM' }, [], status.RESOURCE_EXHAUSTED],
      [{ type: 'status', status: 503 }, [], status.UNAVAILABLE],
    ] as const;
    for (const [fault, values, code] of cases) {
      wire.proxy.setRules(always(fault));
      expect(await count(client, 10)).toMatchObject({ values, code });
    }
  });

  it('a stalled stream runs into its deadline', async () => {
    const { client } = await setUp(always({ type: 'stall', afterMessages: 1 }));
    const { path } = methods.Count;
    const call = client.makeServerStreamRequest(path, asIs, asIs, Buffer.from('5'), new Metadata(), {
      deadline: Date.now() + 300,
    });
    const values: string[] = [];
    call.on('data', (bytes) => values.push(String(bytes)));
    call.on('error', () => undefined);
    const code = await new Promise((resolve) => call.on('status', ({ code }) => resolve(code)));
    expect(code).toBe(status.DEADLINE_EXCEEDED);
    expect(values).toEqual(['1']);
  });

  it.each<[string, (setup: Setup) => unknown]>([
    ['an upstream that dies', ({ loseUpstream }) => loseUpstream()],
    ['a proxy that is turned off', ({ wire }) => wire.proxy.disable()],
  ])('a call in the midst of which it meets %s is UNAVAILABLE, as without a proxy', async (_what, lose) => {
    const setup = await setUp();
    const { path } = methods.Chat;
    const call = setup.client.makeBidiStreamRequest(path, asIs, asIs);
    call.on('error', () => undefined);
    const ended = new Promise((resolve) => call.on('status', ({ code }) => resolve(code)));
    call.write(Buffer.from('hello'));
    await once(call, 'data');
    await lose(setup);
    expect(await ended).toBe(status.UNAVAILABLE);
  });

  it('a graceful GOAWAY is not seen by callers: grpc-js goes on over a new connection', async () => {
    const { client, wire } = await setUp(rulesOf({ every: 3, fault: { type: 'goaway' } }));
    for (let i = 0; i < 9; i++) expect(await unary(client, `${i}`)).toMatchObject({ value: `echo ${i}`, error: null });
    expect(wire.proxy.meter.connections).toBeGreaterThanOrEqual(3);
  });
});
