import { execFile } from 'node:child_process';
import { once } from 'node:events';
import * as http2 from 'node:http2';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { Agent as UndiciAgent, request as undiciRequest } from 'undici';
import { describe, expect, it } from 'vitest';
import { issueCertificates } from '../../../../harness/tls/certificates.ts';
import { createLocalCa } from '../../../../harness/tls/local-ca.ts';
import { always, connect2, listening, proxyHttp1, proxyHttp2, proxyTo, send1, send2 } from '../../../support/http-proxy.ts';

const curl = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--show-error', '--max-time', '10', ...args]);
  return stdout;
};

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('an HTTP/2 connection through a proxy without rules', () => {
  it('passes headers in their order, bodies and trailers of both sides', async () => {
    let asked: string[] = [];
    let askedTrailers: string[] = [];
    await using wire = await proxyHttp2((stream, _headers, _flags, raw) => {
      asked = raw;
      let body = '';
      stream.on('trailers', (_headers, _flags, raw) => {
        askedTrailers = raw;
      });
      stream.on('data', (bytes) => {
        body += bytes;
      });
      stream.on('end', () => {
        stream.respond([':status', '299', 'x-b', '1', 'x-a', '2', 'x-b', '3'], { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'ok', 'x-list': ['a', 'b'] }));
        stream.end(`got ${body}`);
      });
    });
    const session = connect2(wire.port);
    const stream = session.request(
      [
        ':method',
        'POST',
        ':path',
        '/a%2Fb?x=1',
        ':scheme',
        'http',
        ':authority',
        'models.example',
        'x-z',
        '1',
        'x-y',
        '2',
        'x-z',
        '3',
      ],
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-asked': 'yes' }));
    stream.end('body');
    const [, , raw] = await once(stream, 'response');
    let body = '';
    const trailers = once(stream, 'trailers');
    for await (const bytes of stream) body += bytes;
    expect(asked).toEqual([
      ...[':method', 'POST', ':path', '/a%2Fb?x=1', ':scheme', 'http', ':authority', 'models.example'],
      ...['x-z', '1', 'x-y', '2', 'x-z', '3'],
    ]);
    expect(askedTrailers).toEqual(['x-asked', 'yes']);
    expect(raw.filter((text: string) => !/^date$|GMT$/.test(text))).toEqual([
      ':status',
      '299',
      'x-b',
      '1',
      'x-a',
      '2',
      'x-b',
      '3',
    ]);
    expect(body).toBe('got body');
    expect((await trailers)[2]).toEqual(['x-sum', 'ok', 'x-list', 'a', 'x-list', 'b']);
    session.close();
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('passes an answer to %s with status %i and no body', async (method, status) => {
    await using wire = await proxyHttp2((stream) => stream.respond({ ':status': status, 'x-a': 'b' }, { endStream: true }));
    const session = connect2(wire.port);
    expect(await send2(session, { ':method': method })).toMatchObject({
      status,
      body: '',
      error: undefined,
      headers: { 'x-a': 'b' },
    });
    session.close();
  });

  it('passes informational answers', async () => {
    await using wire = await proxyHttp2((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>' });
      stream.respond({ ':status': 200 }, { endStream: true });
    });
    const session = connect2(wire.port);
    const stream = session.request({});
    const [early] = await once(stream, 'headers');
    expect(early).toMatchObject({ ':status': 103, link: '</a>' });
    session.close();
  });

  it('speaks to curl, which knows beforehand that it is HTTP/2', async () => {
    await using wire = await proxyHttp2((stream, headers) => {
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      stream.on('end', () => {
        stream.respond({ ':status': 200 });
        stream.end(`${headers[':method']} ${headers[':path']} ${bytes}`);
      });
    });
    const origin = `http://127.0.0.1:${wire.port}`;
    const body = 'x'.repeat(100_000);
    expect(await curl('--http2-prior-knowledge', '--data-binary', body, `${origin}/up`)).toBe('POST /up 100000');
    expect(await curl('--http2-prior-knowledge', `${origin}/a`)).toBe('GET /a 0');
  });

  it('cancels at the upstream what a client cancels', async () => {
    const codes: number[] = [];
    const cancelled = Promise.withResolvers<void>();
    await using wire = await proxyHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begin');
      stream.on('close', () => {
        codes.push(stream.rstCode);
        cancelled.resolve();
      });
    });
    const session = connect2(wire.port);
    const stream = session.request({});
    await once(stream, 'data');
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await cancelled.promise;
    expect(codes).toEqual([http2.constants.NGHTTP2_CANCEL]);
    session.close();
  });

  it('passes a reset of the upstream with its code, after what was said before', async () => {
    await using wire = await proxyHttp2((stream) => {
      // Without trailers to wait for Node would end the stream first.
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.write('begin', () => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM));
    });
    const session = connect2(wire.port);
    const outcome = await send2(session);
    expect(outcome).toMatchObject({ status: 200, body: 'begin' });
    expect(outcome.error).toContain('NGHTTP2_ENHANCE_YOUR_CALM');
    session.close();
  });

  it("makes the upstream's limit of streams the caller's, and keeps it", async () => {
    let open = 0;
    let most = 0;
    await using wire = await proxyHttp2(
      (stream) => {
        open += 1;
        most = Math.max(most, open);
        setImmediate(() => {
          open -= 1;
          stream.respond({ ':status': 200 });
          stream.end('ok');
        });
      },
      {},
      { settings: { maxConcurrentStreams: 3 } },
    );
    const session = connect2(wire.port);
    await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(3);
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => send2(session)));
    expect(outcomes.every(({ body }) => body === 'ok')).toBe(true);
    expect(most).toBeLessThanOrEqual(3);
    session.close();
  });

  it("passes the upstream's GOAWAY: calls under way end well, and the client leaves", async () => {
    await using wire = await proxyHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begun ');
      stream.session!.close();
      stream.on('drain', () => undefined);
      setImmediate(() => stream.end('and done'));
    });
    const session = connect2(wire.port);
    const away = once(session, 'goaway');
    expect(await send2(session)).toMatchObject({ body: 'begun and done', error: undefined });
    expect((await away)[0]).toBe(http2.constants.NGHTTP2_NO_ERROR);
    await once(session, 'close');
  });

  it('stops the sender of one stream while its reader does not read, and other streams go on', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const count = 512;
    let written = 0;
    await using wire = await proxyHttp2((stream, headers) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/small') return void stream.end('small');
      const write = () => {
        while (written < count) {
          written += 1;
          if (!stream.write(chunk)) return void stream.once('drain', write);
        }
        stream.end();
      };
      write();
    });
    const session = connect2(wire.port);
    const large = session.request({ ':path': '/large' });
    await once(large, 'response');
    let before = -1;
    while (before !== written) {
      before = written;
      await turns(200);
    }
    expect(written).toBeLessThan(count / 4);
    for (let i = 0; i < 5; i++) expect((await send2(session, { ':path': '/small' })).body).toBe('small');
    let bytes = 0;
    for await (const part of large) bytes += part.length;
    expect(bytes).toBe(chunk.length * count);
    session.close();
  });

  it('passes a WebSocket over HTTP/2 (extended CONNECT), where the upstream allows it', async () => {
    await using wire = await proxyHttp2(
      (stream, headers) => {
        stream.respond({ ':status': 200, 'x-protocol': String(headers[':protocol']) });
        stream.pipe(stream);
      },
      {},
      { settings: { enableConnectProtocol: true } },
    );
    const session = connect2(wire.port);
    await once(session, 'remoteSettings');
    expect(session.remoteSettings.enableConnectProtocol).toBe(true);
    const stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' }, { endStream: false });
    const [headers] = await once(stream, 'response');
    expect(headers['x-protocol']).toBe('websocket');
    stream.write('hello');
    expect(String(await once(stream, 'data'))).toBe('hello');
    stream.close();
    session.close();
  });

  it('answers 502 and says why when the upstream refuses connections', async () => {
    const server = http2.createServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    await using wire = await proxyTo(port);
    const session = connect2(wire.port);
    const outcome = await send2(session);
    expect(outcome.status).toBe(502);
    expect(outcome.body).toMatch(/can't reach the upstream.*ECONNREFUSED/);
    session.close();
  });

  it('cuts the connection when the upstream is cut', async () => {
    await using wire = await proxyHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('begun', () => stream.session!.destroy());
    });
    const session = connect2(wire.port);
    const closed = once(session, 'close');
    await send2(session);
    await closed;
  });
});

describe('a proxy that ends TLS', () => {
  const setUp = async () => {
    const ca = await createLocalCa();
    return { ca, certificates: await issueCertificates(ca) };
  };

  it('speaks HTTP/2 with who asks for it by ALPN, and HTTP/1.1 with who does not', async () => {
    const { ca, certificates } = await setUp();
    await using wire2 = await proxyHttp2(
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end('two');
      },
      { certificates },
    );
    const session = connect2(wire2.port, { ca: ca.caCertPem }, 'https');
    expect(await send2(session)).toMatchObject({ status: 200, body: 'two' });
    expect(session.alpnProtocol).toBe('h2');
    session.close();

    await using wire1 = await proxyHttp1((_incoming, response) => void response.end('one'), { certificates });
    const dispatcher = new UndiciAgent({ connect: { ca: ca.caCertPem }, allowH2: false });
    const answer = await undiciRequest(`https://127.0.0.1:${wire1.port}/`, { dispatcher });
    expect(await answer.body.text()).toBe('one');
    await dispatcher.destroy();
  });

  it('resets and cuts under TLS as without it', async () => {
    const { ca, certificates } = await setUp();
    await using wire2 = await proxyHttp2((stream) => stream.respond({ ':status': 200 }, { endStream: true }), { certificates });
    wire2.proxy.setRules(always({ type: 'reset', code: 'CANCEL' }));
    const session = connect2(wire2.port, { ca: ca.caCertPem }, 'https');
    // Node tells of CANCEL by no error.
    expect(await send2(session)).toMatchObject({ status: undefined, error: 'rst 8' });
    session.close();

    await using wire1 = await proxyHttp1((_incoming, response) => void response.end('hello'), { certificates });
    const outcome = () =>
      new Promise<string>((resolve) => {
        let got = '';
        const sent = httpsRequest({ host: '127.0.0.1', port: wire1.port, ca: ca.caCertPem, agent: false }, (answer) => {
          answer.on('data', (bytes) => {
            got += bytes;
          });
          answer.on('error', (error: NodeJS.ErrnoException) => resolve(`${got} ${error.code}`));
          answer.on('end', () => resolve(got));
        });
        sent.on('error', (error: NodeJS.ErrnoException) => resolve(`${got} ${error.code}`.trim()));
        sent.end();
      });
    wire1.proxy.setRules(always({ type: 'reset' }));
    expect(await outcome()).toBe('ECONNRESET');
    wire1.proxy.setRules(always({ type: 'truncate', afterBytes: 2 }));
    expect(await outcome()).toBe('he ECONNRESET');
    wire1.proxy.setRules(always({ type: 'truncate', afterBytes: 2, by: 'reset' }));
    expect(await outcome()).toBe('he ECONNRESET');
    wire1.proxy.setRules([]);
    expect(await outcome()).toBe('hello');
  });

  it('speaks TLS to an upstream that does, and trusts it by its authority only', async () => {
    const { ca, certificates } = await setUp();
    const identity = await ca.issue(['127.0.0.1']);
    const server = createHttpsServer(
      { cert: identity.certPem, key: identity.keyPem },
      (_incoming, response) => void response.end('secret'),
    );
    const port = await listening(server);
    const upstream = { host: '127.0.0.1', port };
    await using trusting = await proxyTo(port, { upstream: { ...upstream, tls: { caPem: ca.caCertPem } } });
    expect((await send1(trusting.port)).body).toBe('secret');
    await using wary = await proxyTo(port, { certificates, upstream: { ...upstream, tls: {} } }, () => {
      server.close();
      server.closeAllConnections();
    });
    const dispatcher = new UndiciAgent({ connect: { ca: ca.caCertPem } });
    const answer = await undiciRequest(`https://127.0.0.1:${wary.port}/`, { dispatcher });
    expect(answer.statusCode).toBe(502);
    await answer.body.dump();
    await dispatcher.destroy();
  });
});
