import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLightListener } from '../../../../harness/world/live/light-listener.ts';
import { mount } from '../../../../harness/world/live/mount.ts';
import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { sentPathOf } from '../../../../mocks/shared/sent-path.ts';
import { urlPartsOf } from '../../../../mocks/shared/url-parts.ts';

const handler: FetchHandler = async (request) => new Response(`${sentPathOf(request)} ${urlPartsOf(request.url).path}`);

const mountLight = async (of: FetchHandler) => {
  const server = createServer(createLightListener(of, 'http'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
};

/** Both paths that a handler sees. No client sends dots. */
const pathsOf = async (port: number, target: string) => {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const answer = await text(socket);
  return /\/\S* \/\S*(?=\r\n|$)/.exec(answer.slice(answer.indexOf('\r\n\r\n')))?.[0].split(' ');
};

describe('the path that was sent', () => {
  const segment = fc.constantFrom('.', '..', '%2e', '%2E.', '...', '.a', 'a', 'b%20c', '');
  const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/a/${segments.join('/')}`);

  test.each([
    ['mounted as others mount it', mount],
    ['mounted with the light classes', mountLight],
  ])('is known of a handler that is %s, and its URL is without dots', async (_, mountIt) => {
    const mounted = await mountIt(handler);
    try {
      await fc.assert(
        fc.asyncProperty(path, fc.constantFrom('', '?x=1', '?x=/../y'), async (sent, query) => {
          const { pathname } = new URL(sent, 'http://localhost');
          expect(await pathsOf(mounted.port, sent + query)).toEqual([sent, pathname]);
        }),
        { numRuns: 100 },
      );
    } finally {
      await mounted.close();
    }
  });

  test('is that of its URL, where a request came over no wire', () => {
    expect(sentPathOf(new Request('http://localhost/a/../b?x=1', { headers: { 'x-sent-path': '/a/../b' } }))).toBe('/b');
  });
});
