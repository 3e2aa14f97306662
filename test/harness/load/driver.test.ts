import { afterEach, describe, expect, it } from 'vitest';
import {
  answering,
  closedPlan,
  driveToEnd,
  openPlan,
  outcomesOf,
  serveHttp,
  serveTcp,
  startDrive,
  type TestServer,
} from '../../support/load.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const PREDICTION = '{"outputs":[{"name":"label","data":[4]}]}';

/** For a busy machine. */
const PATIENT = { timeout: 10_000 };

/** An origin that refuses connections: it was a server's a moment ago. */
const refusingOrigin = async () => {
  const gone = await serveHttp(answering());
  await gone.close();
  return gone.origin;
};

describe('an open-loop load', () => {
  it('sends every arrival of its plan, each with one record, none before it is due', async () => {
    server = await serveHttp(answering());
    const records = await driveToEnd(server.origin, openPlan(100), 1000);
    expect(records.map(({ dueMs }) => dueMs)).toEqual(Array.from({ length: 100 }, (_, index) => index * 10));
    expect(outcomesOf(records)).toEqual({ ok: 100 });
    for (const { dueMs, sentMs, endMs, status, isCorrect } of records) {
      expect(dueMs <= sentMs && sentMs <= endMs).toBe(true);
      expect([status, isCorrect]).toEqual([200, true]);
    }
  });

  it('asks for a prediction of a sample in the Open Inference Protocol', async () => {
    const asked: unknown[] = [];
    server = await serveHttp((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push([request.method, request.url, request.headers['content-type'], JSON.parse(body)]);
        response.end('{}');
      });
    });
    const [record] = await driveToEnd(server.origin, openPlan(1), 500);
    const inputs = [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', data: new Array(64).fill(0) }];
    expect(asked).toEqual([['POST', '/v2/models/digits/infer', 'application/json', { id: 'squall-0', inputs }]]);
    // Answered, but without a prediction.
    expect(record).toMatchObject({ outcome: 'ok', isCorrect: null });
  });

  it('reads who served, whether degraded, and whether the label is right', async () => {
    server = await serveHttp(answering(5, { 'X-Squall-Served-By': 'local/rules', 'x-squall-degraded': 'rules' }));
    const [record] = await driveToEnd(server.origin, openPlan(1), 500);
    expect(record).toMatchObject({ outcome: 'ok', servedBy: 'local/rules', degraded: 'rules', isCorrect: false });
  });

  it('records an error of the server with its status', async () => {
    server = await serveHttp((request, response) => {
      request.resume();
      response.writeHead(503, { 'x-squall-served-by': 'aws/x/y' }).end('{"error":"no link"}');
    });
    const records = await driveToEnd(server.origin, openPlan(50), 400);
    expect(outcomesOf(records)).toEqual({ 'http-error': 20 });
    expect(records[0]).toMatchObject({ status: 503, servedBy: 'aws/x/y', isCorrect: null });
  });

  it('keeps sending through a stall of the server, and counts the stall from each due time', async () => {
    // The server answers nothing in the second after the first request has come.
    const answer = answering();
    let stalledSinceMs: number | undefined;
    server = await serveHttp((request, response) => {
      stalledSinceMs ??= performance.now();
      setTimeout(() => answer(request, response), Math.max(0, stalledSinceMs + 1000 - performance.now()));
    });
    const records = await driveToEnd(server.origin, openPlan(100), 1500);
    expect(outcomesOf(records)).toEqual({ ok: 150 });
    // A closed loop would have sent one of these, and seen one slow answer. Here each waits from its due time to the end of the stall.
    const met = records.filter(({ dueMs }) => dueMs < 900);
    expect(met).toHaveLength(90);
    for (const { dueMs, endMs } of met) expect(endMs - dueMs).toBeGreaterThan(990 - dueMs);
  });

  it('gives up on a hanging server at the time-out, and lets the connection go', async () => {
    const sockets = new Set<unknown>();
    let closed = 0;
    server = await serveHttp((request) => {
      sockets.add(request.socket);
      request.socket.once('close', () => {
        closed += 1;
      });
    });
    const records = await driveToEnd(server.origin, openPlan(20, { timeoutMs: 300 }), 500);
    expect(outcomesOf(records)).toEqual({ timeout: 10 });
    for (const { dueMs, endMs, status } of records) {
      expect(endMs - dueMs).toBeGreaterThanOrEqual(300);
      expect(endMs - dueMs).toBeLessThan(2000);
      expect(status).toBe(0);
    }
    expect(sockets.size).toBe(10);
    await expect.poll(() => closed, PATIENT).toBe(10);
  });

  it('takes an answer that comes after the time-out for a time-out', async () => {
    const answer = answering();
    server = await serveHttp((request, response) => void setTimeout(() => answer(request, response), 400));
    const records = await driveToEnd(server.origin, openPlan(20, { timeoutMs: 200 }), 300);
    expect(outcomesOf(records)).toEqual({ timeout: 6 });
  });

  it('records one connection error an arrival when nothing listens, without a storm of connections', async () => {
    const records = await driveToEnd(await refusingOrigin(), openPlan(100), 500);
    expect(outcomesOf(records)).toEqual({ 'connection-error': 50 });
  });

  it('records one connection error an arrival when connections are cut, before, within and after the head of an answer', async () => {
    let turn = 0;
    server = await serveTcp((socket) => {
      socket.on('data', () => {
        turn += 1;
        if (turn % 3 === 0) socket.resetAndDestroy();
        else if (turn % 3 === 1) socket.end();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"outputs"', () => socket.resetAndDestroy());
      });
    });
    const records = await driveToEnd(server.origin, openPlan(100), 600);
    expect(outcomesOf(records)).toEqual({ 'connection-error': 60 });
  });

  it('is not led astray by what is left of a cut answer', async () => {
    let turn = 0;
    server = await serveTcp((socket) => {
      socket.on('data', () => {
        turn += 1;
        if (turn % 2 === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"out', () => socket.resetAndDestroy());
        else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${PREDICTION.length}\r\n\r\n${PREDICTION}`);
      });
    });
    const records = await driveToEnd(server.origin, openPlan(20), 1000);
    expect(outcomesOf(records)).toEqual({ ok: 10, 'connection-error': 10 });
    expect(records.filter(({ isCorrect }) => isCorrect)).toHaveLength(10);
  });

  it.each([
    ['not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    [
      'two answers to one request',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
    ],
    ['an answer above the limit', `HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n${' '.repeat(2_000_000)}`],
  ])('takes %s for a lost connection', async (_what, bytes) => {
    server = await serveTcp((socket) => void socket.on('data', () => socket.write(bytes)));
    const records = await driveToEnd(server.origin, openPlan(20), 300);
    expect(outcomesOf(records)).toEqual({ 'connection-error': 6 });
  });

  it('survives bytes that nobody asked for', async () => {
    server = await serveHttp((request, response) => {
      answering()(request, response);
      response.on('finish', () => setTimeout(() => request.socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n'), 20));
    });
    const records = await driveToEnd(server.origin, openPlan(10), 1000);
    expect(records).toHaveLength(10);
    expect(outcomesOf(records).ok).toBeGreaterThanOrEqual(9);
  });

  it('does not reuse a connection that the server says it closes', async () => {
    server = await serveHttp(answering(4, { Connection: 'close' }));
    expect(outcomesOf(await driveToEnd(server.origin, openPlan(100), 500))).toEqual({ ok: 50 });
  });

  it('uses no more connections than it needs', async () => {
    const sockets = new Set<unknown>();
    server = await serveHttp((request, response) => {
      sockets.add(request.socket);
      answering()(request, response);
    });
    await driveToEnd(server.origin, openPlan(100), 1000);
    expect(sockets.size).toBeLessThan(90);
  });

  it('finds its server again after it was gone', async () => {
    const first = await serveHttp(answering());
    const port = Number(new URL(first.origin).port);
    const { done, records } = startDrive(first.origin, openPlan(50), 1500);
    await expect.poll(() => records.length, PATIENT).toBeGreaterThan(5);
    await first.close();
    await expect.poll(() => outcomesOf(records)['connection-error'] ?? 0, PATIENT).toBeGreaterThan(3);
    const lost = records.length;
    const { createServer } = await import('node:http');
    const second = createServer(answering()).listen(port, '127.0.0.1');
    await done;
    second.close();
    second.closeAllConnections();
    expect(records).toHaveLength(75);
    expect(records.slice(lost).filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(0);
  });

  it('sends the warm-up before the measured timeline', async () => {
    server = await serveHttp(answering());
    const records = await driveToEnd(server.origin, openPlan(50), 200, {
      warmupMs: 200,
      timelineStartEpochMs: performance.timeOrigin + performance.now() + 300,
    });
    expect(records.map(({ dueMs }) => dueMs)).toEqual(Array.from({ length: 20 }, (_, index) => index * 20 - 200));
    expect(outcomesOf(records)).toEqual({ ok: 20 });
  });

  it('stops at once, without records for requests under way', async () => {
    server = await serveHttp(() => {});
    const load = startDrive(server.origin, openPlan(50), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await load.stop();
    await load.done;
    expect(load.records).toEqual([]);
  });

  it('with no arrivals is over at once', async () => {
    expect(await driveToEnd(await refusingOrigin(), openPlan(0), 60_000)).toEqual([]);
  });
});

describe('a closed-loop load', () => {
  it('has as many requests under way as it has connections, each due when it is sent', async () => {
    let underWay = 0;
    let most = 0;
    const answer = answering();
    server = await serveHttp((request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        answer(request, response);
      }, 20);
    });
    const records = await driveToEnd(server.origin, closedPlan(4), 1000);
    expect(most).toBe(4);
    // 4 connections x 1000 ms / 20 ms is 200 on an idle machine; what counts is that it goes on.
    expect(records.length).toBeGreaterThan(40);
    expect(records.length).toBeLessThanOrEqual(220);
    for (const { dueMs, sentMs, outcome } of records) {
      expect(outcome).toBe('ok');
      expect(sentMs - dueMs).toBeLessThan(500);
      expect(dueMs).toBeLessThan(1000);
    }
  });

  it('pauses after a lost connection rather than reconnect in a tight loop', async () => {
    const records = await driveToEnd(await refusingOrigin(), closedPlan(2), 1000);
    expect(Object.keys(outcomesOf(records))).toEqual(['connection-error']);
    expect(records.length).toBeGreaterThan(4);
    expect(records.length).toBeLessThanOrEqual(24);
  });

  it('goes on after a time-out', async () => {
    server = await serveHttp(() => {});
    const records = await driveToEnd(server.origin, closedPlan(2, { timeoutMs: 200 }), 500);
    expect(Object.keys(outcomesOf(records))).toEqual(['timeout']);
    expect(records.length).toBeGreaterThanOrEqual(4);
  });
});
