import { once } from 'node:events';
import { EventSource } from 'undici';
import { describe, expect, it } from 'vitest';
import { always, connect2, proxyHttp1, proxyHttp2 } from '../../../support/http-proxy.ts';

const EVENTS = [
  'data: one\n\n',
  'event: message\r\ndata: two\r\n\r\n',
  ': a comment\n\ndata: three\n\n',
  'data: four\ndata: more\n\n',
];

/** Events in pieces of three bytes, so that none comes whole. */
function* pieces() {
  const text = EVENTS.join('');
  for (let at = 0; at < text.length; at += 3) yield text.slice(at, at + 3);
}

const sse1 = () =>
  proxyHttp1((_incoming, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces()) response.write(piece);
  });

describe('server-sent events through the proxy', () => {
  it('an EventSource hears all of them, and the stream stays open', async () => {
    await using wire = await sse1();
    const source = new EventSource(`http://127.0.0.1:${wire.port}/events`);
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      source.addEventListener('message', ({ data }) => {
        heard.push(data);
        if (heard.length === 4) resolve();
      });
    });
    expect(heard).toEqual(['one', 'two', 'three', 'four\nmore']);
    source.close();
  });

  it('a stall after two events leaves an EventSource open, with two', async () => {
    await using wire = await sse1();
    wire.proxy.setRules(always({ type: 'stall', afterEvents: 2 }));
    const source = new EventSource(`http://127.0.0.1:${wire.port}/events`);
    const heard: string[] = [];
    const hears = (count: number) =>
      new Promise<void>((resolve) => {
        source.addEventListener('message', () => {
          if (heard.length >= count) resolve();
        });
      });
    source.addEventListener('message', ({ data }) => heard.push(data));
    await hears(2);
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['one', 'two']);
    expect(source.readyState).toBe(EventSource.OPEN);
    const all = hears(4);
    wire.proxy.setRules([]);
    await all;
    source.close();
  });

  it('a cut after one event makes an EventSource fail, and connect again', async () => {
    await using wire = await sse1();
    wire.proxy.setRules(always({ type: 'truncate', afterEvents: 1 }));
    const source = new EventSource(`http://127.0.0.1:${wire.port}/events`);
    const heard: string[] = [];
    source.addEventListener('message', ({ data }) => heard.push(data));
    await new Promise<void>((resolve) => source.addEventListener('error', () => resolve()));
    expect(heard).toEqual(['one']);
    expect(source.readyState).toBe(EventSource.CONNECTING);
    source.close();
  });

  it('are counted over HTTP/2 too', async () => {
    await using wire = await proxyHttp2((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      for (const piece of pieces()) stream.write(piece);
    });
    wire.proxy.setRules(always({ type: 'truncate', afterEvents: 2 }));
    const session = connect2(wire.port);
    const stream = session.request({});
    let text = '';
    stream.on('data', (bytes) => {
      text += bytes;
    });
    await once(stream, 'end');
    expect(text).toBe(EVENTS.slice(0, 2).join(''));
    session.close();
  });
});
