import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { chooseSut } from '../../../harness/sut/choose.ts';
import { readinessOfRunning } from '../../../harness/sut/settings.ts';
import { freePort } from '../../../harness/wire/free-port.ts';
import { startOnce } from '../../support/start-sut.ts';

const startOf = (settings: object) => startOnce(chooseSut(settings, { where: '--sut', folder: import.meta.dirname }));

describe('a system that runs already', () => {
  it('is waited for ten seconds', () => {
    expect(readinessOfRunning.parse({})).toEqual({ within: 10_000 });
  });

  it('given nobody at the URL, then the error says so, and what was asked', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(startOf({ url, ready: { within: '50ms' } })).rejects.toMatchObject({
      code: 'SUT_FAILED',
      message: `Nobody is ready at ${url}: squall asked for 0.05 s, and no connection is taken there.`,
      remedy: expect.not.stringContaining('PORT'),
    });
  });

  it('given one that is not ready, then the error says what it answered', async () => {
    const server = createServer((_, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await expect(startOf({ url, ready: { path: '/health', within: '50ms' } })).rejects.toMatchObject({
        message: `Nobody is ready at ${url}: squall asked for 0.05 s, and GET /health answered 503.`,
      });
    } finally {
      server.close();
    }
  });

  it('has no output in which squall could look for a line', () => {
    expect(() => chooseSut({ url: 'http://127.0.0.1:1', ready: { log: 'up' } }, { where: '--sut', folder: '.' })).toThrow(/log/);
  });
});
