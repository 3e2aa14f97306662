import type { Socket } from 'node:net';
import autocannon from 'autocannon';
import type { AnswerHeaders, CreateLanes, Lane, LaneAnswer, LaneEnd } from './lane.ts';

/** The parts of autocannon's client that its types leave out (lib/httpClient.js, 9.0.0). */
export interface AutocannonClient extends autocannon.Client {
  /** Undefined until the first `_connect`. */
  readonly conn?: Socket;
  /** http-parser-js: `execute` returns an error rather than throw it; `initialize` forgets a half-read answer. */
  readonly parser: { execute(chunk: Uint8Array): number | Error; initialize(type: 'RESPONSE'): void };
  /** Opens `conn` and calls `_doRequest`; autocannon also calls it when the connection has failed or ended. */
  _connect(): void;
  /** Writes the current request; autocannon also calls it after each answer. */
  _doRequest(): void;
  /** Closes `conn` and forgets the requests that wait for an answer. */
  _destroyConnection(): void;
}

/** Autocannon's own time-out and duration, seconds: longer than any run, since both are decided here, and below Node's longest timer. */
const NEVER_S = 2_000_000;

/** How often autocannon looks whether it was stopped, milliseconds. */
const STOP_CHECK_MS = 50;

/**
 * A connection that was idle for longer is not used again, milliseconds: servers close idle ones, Node's after 5 s, and a request
 * sent at that moment would be lost without anybody's fault. undici has the same limit.
 */
const MAX_IDLE_MS = 4000;

/** Largest answer that is read, bytes; a longer one is lost. */
export const MAX_ANSWER_BYTES = 1 << 20;

/**
 * Lanes of HTTP: autocannon's connections, each made when it is first needed and again after it was lost. An abort resets it.
 *
 * Autocannon sends the next request as soon as a connection has answered (closed loop), or in bursts at the start of each second.
 * `setupClient` hands out each of its clients before it connects; here the client's own steps are replaced by waiting for
 * `Lane.send`. Building and writing requests, reading answers and the connections themselves stay autocannon's. These are its
 * internals, so its version is pinned, and test/harness/load/http-lanes.test.ts checks that they are there.
 */
export const createHttpLanes: CreateLanes = ({ origin, count, onIdle }) => {
  const lanes: Lane[] = [];
  let isStopped = false;
  const run: Promise<autocannon.Result> & Partial<Pick<autocannon.Instance, 'stop'>> = autocannon({
    url: new URL('/', origin).href,
    connections: count,
    timeout: NEVER_S,
    duration: NEVER_S,
    sampleInt: STOP_CHECK_MS,
    setupClient: (client) => {
      const lane = createLane(client as AutocannonClient, (after) => {
        if (!isStopped) onIdle(lane, after);
      });
      lanes.push(lane);
    },
  });
  if (lanes.length !== count) throw new Error(`autocannon made ${lanes.length} of ${count} connections`);
  return {
    lanes,
    async stop() {
      isStopped = true;
      for (const lane of lanes) lane.abort();
      run.stop!();
      await run;
    },
  };
};

/** Autocannon's own steps, as it would take them. */
interface OwnSteps {
  connect(): void;
  doRequest(): void;
  /** Reads bytes; an error when they are not the answer that was asked for. */
  read(chunk: Uint8Array): Error | undefined;
}

/** Puts ours in the place of the client's steps, and gives its own ones back. */
const takeOver = (
  client: AutocannonClient,
  ours: { onDown(): void; isConnecting(): boolean; onBytes(chunk: Uint8Array): void },
): OwnSteps => {
  const connect = client._connect.bind(client);
  const doRequest = client._doRequest.bind(client);
  const destroyConnection = client._destroyConnection.bind(client);
  const execute = client.parser.execute.bind(client.parser);

  // Called by autocannon when the connection has failed or ended, and at first: `send` connects, not this.
  client._connect = ours.onDown;
  // Called by autocannon once it connects and after each answer: only the first is ours, the others come by `send`.
  client._doRequest = () => {
    if (ours.isConnecting()) doRequest();
  };
  // Autocannon destroys all its clients in the end, also those that never connected.
  client._destroyConnection = () => {
    if (client.conn) destroyConnection();
  };
  client.parser.execute = (chunk) => {
    ours.onBytes(chunk);
    return chunk.length;
  };

  return {
    connect,
    doRequest,
    read(chunk) {
      try {
        const result = execute(chunk);
        return result instanceof Error ? result : undefined;
      } catch {
        // Autocannon trips over a second answer to one request.
        return new Error('more than one answer came');
      }
    },
  };
};

const createLane = (client: AutocannonClient, onIdle: (after: LaneEnd['type'] | 'abort') => void): Lane => {
  let onEnd: ((end: LaneEnd) => void) | null = null;
  /** The answer, from its last byte until all that came with it is read. */
  let answer: LaneAnswer | null = null;
  let answerBytes = 0;
  let isConnected = false;
  let isConnecting = false;
  let idleSinceMs = 0;
  let lastError = '';

  const disconnect = () => {
    isConnected = false;
    client._destroyConnection();
    client.parser.initialize('RESPONSE');
  };

  const finish = (end: LaneEnd) => {
    const listener = onEnd;
    onEnd = null;
    answer = null;
    if (end.type === 'lost' || closesConnection(end.headers)) disconnect();
    idleSinceMs = performance.now();
    if (!listener) return;
    listener(end);
    onIdle(end.type);
  };
  const lose = (reason: string) => finish({ type: 'lost', reason });

  const own = takeOver(client, {
    onDown() {
      lose(lastError || 'the connection was closed before the answer');
    },
    isConnecting: () => isConnecting,
    onBytes(chunk) {
      if (!onEnd) return lose('bytes came without a request');
      answerBytes += chunk.length;
      if (answerBytes > MAX_ANSWER_BYTES) return lose(`the answer is longer than ${MAX_ANSWER_BYTES} bytes (MAX_ANSWER_BYTES)`);
      const error = own.read(chunk);
      if (error) lose(error.message);
      else if (answer) finish(answer);
    },
  });

  const connect = () => {
    lastError = '';
    isConnected = true;
    isConnecting = true;
    own.connect();
    isConnecting = false;
    client.conn!.prependListener('error', (error) => {
      lastError = error.message;
    });
  };

  return {
    send({ method = 'POST', path, headers, body }, listener) {
      onEnd = listener;
      answerBytes = 0;
      const onResponse = (status: number, text: string, _context: object, answered: unknown) => {
        answer = { type: 'answer', status, headers: answered as AnswerHeaders, body: text };
      };
      const bytes = typeof body === 'string' ? body : Buffer.from(body);
      client.setRequests([{ method, path, headers: { ...headers }, body: bytes, onResponse }]);
      if (isConnected && performance.now() - idleSinceMs > MAX_IDLE_MS) disconnect();
      if (isConnected) own.doRequest();
      else connect();
    },
    abort() {
      if (!onEnd) return;
      onEnd = null;
      client.conn?.resetAndDestroy();
      disconnect();
      onIdle('abort');
    },
  };
};

const closesConnection = (headers: AnswerHeaders): boolean =>
  Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(String(value)));
