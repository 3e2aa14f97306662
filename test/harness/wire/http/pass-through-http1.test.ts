import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { Client } from 'undici';
import { describe, expect, it } from 'vitest';
import { listening, proxyHttp1, proxyTo, send1 } from '../../../support/http-proxy.ts';
import { rawClient } from '../../../support/wire.ts';

/** A server that says what it is told to, byte for byte, once a request's head has come; and what it was sent. */
const scripted = async (answer: string) => {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      seen[0] = text;
      if (text.includes('\r\n\r\n')) socket.write(answer, 'latin1');
    });
    socket.on('end', () => socket.end());
  });
  const port = await listening(server);
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, seen, sockets, close };
};

describe('an HTTP/1.1 connection through a proxy without rules', () => {
  it('passes every byte of request and answer as it came: order, case, spaces and chunks', async () => {
    const answer =
      'HTTP/1.1 299 Quite  Fine\r\nX-Case:kept\r\nset-cookie:  a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '5;ext=1\r\nhello\r\n001\r\n!\r\n0\r\nX-Trailer: yes\r\n\r\n';
    const asked = 'POST /a%2Fb//c?x=1 HTTP/1.1\r\nX-B: 1\r\nhost: h\r\nx-b:2\r\nContent-Length: 4\r\n\r\nbody';
    const upstream = await scripted(answer);
    await using wire = await proxyTo(upstream.port, {}, upstream.close);
    const client = rawClient(wire.port);
    client.send(asked);
    await client.until('X-Trailer: yes\r\n\r\n');
    expect(client.received()).toBe(answer);
    expect(upstream.seen[0]).toBe(asked);
    client.socket.destroy();
  });

  it.each([
    ['to HEAD, whose length announces what GET would have got', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['304 with a length', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n'],
    [
      'after two informational ones',
      'GET',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ],
  ])('passes an answer %s, and the connection serves the next request', async (_what, method, answer) => {
    const upstream = await scripted(answer);
    await using wire = await proxyTo(upstream.port, {}, upstream.close);
    const client = rawClient(wire.port);
    const asked = `${method} / HTTP/1.1\r\nHost: h\r\n\r\n`;
    client.send(asked);
    await client.until(answer);
    client.send(asked);
    // The server answers whatever it is sent, as often as it is sent something.
    await client.until(answer + answer);
    expect(upstream.sockets.size).toBe(1);
    client.socket.destroy();
  });

  it('passes a body that ends with its connection', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nall there is'));
    });
    const port = await listening(server);
    await using wire = await proxyTo(port, {}, () => server.close());
    const outcome = await send1(wire.port);
    expect(outcome).toMatchObject({ status: 200, body: 'all there is', error: undefined });
  });

  it('answers pipelined requests in their order, over one connection to the upstream', async () => {
    const sockets = new Set<unknown>();
    await using wire = await proxyHttp1((incoming, response) => {
      sockets.add(incoming.socket);
      response.end(`<${incoming.url}>`);
    });
    const client = rawClient(wire.port);
    client.send(
      'GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\nHost: h\r\n\r\n',
    );
    await client.until('</3>');
    expect(client.received().match(/<\/\d>/g)).toEqual(['</1>', '</2>', '</3>']);
    expect(sockets.size).toBe(1);
    client.socket.destroy();
  });

  it('keeps connections alive: a client with a pool of one uses one', async () => {
    await using wire = await proxyHttp1((incoming, response) => void incoming.resume().on('end', () => response.end('ok')));
    const client = new Client(`http://127.0.0.1:${wire.port}`);
    for (let i = 0; i < 5; i++) {
      const answer = await client.request({ path: '/', method: 'POST', body: 'x'.repeat(i) });
      expect(await answer.body.text()).toBe('ok');
    }
    expect(wire.proxy.meter).toMatchObject({ connections: 1, requests: 5 });
    await client.destroy();
  });

  it('passes 100 Continue, and the body only after it', async () => {
    const server = createServer();
    server.on('checkContinue', (incoming, response) => {
      response.writeContinue();
      incoming.on('data', (bytes) => response.end(`got ${bytes}`));
    });
    await using wire = await proxyTo(await listening(server), {}, () => server.close());
    const sent = request({
      port: wire.port,
      host: '127.0.0.1',
      method: 'PUT',
      headers: { expect: '100-continue' },
      agent: false,
    });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end('body');
    const [answer] = await once(sent, 'response');
    expect(String(await once(answer, 'data'))).toBe('got body');
  });

  it('passes an upgrade and what comes with it, in both directions', async () => {
    const server = createServer();
    server.on('upgrade', (_incoming, socket, head) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nwelcome ');
      socket.write(head);
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => socket.write(bytes));
      socket.on('end', () => socket.end('bye'));
    });
    await using wire = await proxyTo(await listening(server), {}, () => server.close());
    const client = rawClient(wire.port);
    client.send('GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nearly ');
    await client.until('welcome early ');
    client.send('later');
    await client.until('later');
    client.socket.end();
    await client.until('bye');
    expect(await client.ended).toBe('end');
  });

  it('passes CONNECT as a tunnel', async () => {
    const server = createServer();
    server.on('connect', (_incoming, socket) => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await using wire = await proxyTo(await listening(server), {}, () => server.close());
    const client = rawClient(wire.port);
    client.send('CONNECT far:1 HTTP/1.1\r\nHost: far:1\r\n\r\n');
    await client.until('200 Connected\r\n\r\n');
    client.send('not http at all');
    await client.until('not http at all');
    client.socket.destroy();
  });

  it('streams both ways: an answer can begin before its request is over', async () => {
    await using wire = await proxyHttp1((incoming, response) => {
      response.flushHeaders();
      incoming.pipe(response);
    });
    const sent = request({ port: wire.port, host: '127.0.0.1', method: 'POST', agent: false });
    sent.write('first');
    const [answer] = await once(sent, 'response');
    const heard: string[] = [];
    for await (const bytes of answer) {
      heard.push(String(bytes));
      if (heard.length === 1) sent.end('second');
    }
    expect(heard).toEqual(['first', 'second']);
  });

  it('tells the upstream when a client gives up', async () => {
    const gaveUp = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using wire = await proxyHttp1((_incoming, response) => {
      response.on('close', () => gaveUp.resolve());
      asked.resolve();
    });
    const sent = request({ port: wire.port, host: '127.0.0.1', agent: false });
    sent.on('error', () => undefined);
    sent.end();
    await asked.promise;
    sent.destroy();
    await gaveUp.promise;
  });

  it('passes a large body whole, and stops its sender while the reader does not read', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const count = 1024;
    let written = 0;
    const digest = createHash('sha256');
    await using wire = await proxyHttp1((_incoming, response) => {
      const write = () => {
        while (written < count) {
          written += 1;
          digest.update(chunk);
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    const sent = request({ port: wire.port, host: '127.0.0.1', agent: false }).end();
    const [answer] = await once(sent, 'response');
    // Nothing is read: the sender comes to a halt when all buffers on the way are full.
    let before = -1;
    while (before !== written) {
      before = written;
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(count / 2);
    const got = createHash('sha256');
    for await (const bytes of answer) got.update(bytes);
    expect(written).toBe(count);
    expect(got.digest('hex')).toBe(digest.digest('hex'));
  });

  it('passes a reset of the upstream as a reset', async () => {
    await using wire = await proxyHttp1((incoming) => void incoming.socket.resetAndDestroy());
    expect((await send1(wire.port)).error).toBe('ECONNRESET');
  });

  it('passes a truncated answer as one', async () => {
    await using wire = await proxyHttp1((incoming, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => incoming.socket.end());
    });
    const client = rawClient(wire.port);
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(await client.ended).toBe('end');
    expect(client.received()).toMatch(/content-length: 10\r\n.*half$/s);
  });

  it('closes a kept connection when the upstream closes its own', async () => {
    const sockets: Socket[] = [];
    await using wire = await proxyHttp1((incoming, response) => {
      sockets.push(incoming.socket);
      response.end('ok');
    });
    const agent = new Agent({ keepAlive: true });
    const socket = await new Promise<Socket>((resolve) => {
      const sent = request({ port: wire.port, host: '127.0.0.1', agent }, (answer) => answer.resume());
      sent.on('socket', (socket) => sent.on('close', () => resolve(socket))).end();
    });
    sockets[0]!.end();
    await once(socket, 'close');
    agent.destroy();
  });

  it('answers 502 and says why when the upstream refuses connections', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    await using wire = await proxyTo(port);
    const outcome = await send1(wire.port);
    expect(outcome.status).toBe(502);
    expect(JSON.parse(outcome.body).error).toMatch(/can't reach the upstream.*ECONNREFUSED/);
    expect(wire.proxy.meter.failedConnections).toBe(1);
  });

  it.each([
    ['no request line', 'hello\r\n\r\n', 400],
    ['two lengths that differ', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    ['a coding that does not end with chunked', 'POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n', 400],
    ['the hello of TLS', '\x16\x03\x01\x02\x00\x01', 400],
    ['a head without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(70_000)}`, 400],
  ])('answers a request with %s itself', async (_what, bytes, status) => {
    await using wire = await proxyHttp1((_incoming, response) => void response.end());
    const client = rawClient(wire.port);
    client.send(bytes);
    await client.until(`HTTP/1.1 ${status} `);
    expect(['end', 'close']).toContain(await client.ended);
  });

  it('answers 502 when the upstream does not speak HTTP', async () => {
    const upstream = await scripted('220 smtp.example ESMTP\r\n\r\n');
    await using wire = await proxyTo(upstream.port, {}, upstream.close);
    const outcome = await send1(wire.port);
    expect(outcome.status).toBe(502);
    expect(outcome.body).toContain('was not answered with HTTP/1.1');
  });

  it('counts connections, requests and bytes', async () => {
    await using wire = await proxyHttp1((_incoming, response) => void response.end('ok'));
    const socket = connect(wire.port, '127.0.0.1');
    const asked = 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n';
    socket.write(asked);
    let got = 0;
    for await (const bytes of socket) got += bytes.length;
    const { meter } = wire.proxy;
    expect(meter).toMatchObject({ connections: 1, requests: 1 });
    expect(meter.received).toEqual({ upstream: asked.length, downstream: got });
    expect(meter.sent).toEqual({ upstream: asked.length, downstream: got });
  });
});
