import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../harness/wire/toxiproxy/config.ts';
import { freePort } from '../../../support/free-port.ts';
import { echo, startUpstream, talk } from '../../../support/tcp.ts';
import { call, startToxiproxy } from '../../../support/toxiproxy.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-toxiproxy-'));
  file = join(folder, 'toxiproxy.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (document: unknown) => writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));

describe("a file of toxiproxy-server's -config", () => {
  it('is a list of proxies, on unless it says otherwise', async () => {
    write([
      { name: 'redis', listen: '127.0.0.1:26379', upstream: 'localhost:6379' },
      { name: 'off', upstream: 'localhost:1', enabled: false, comment: 'not looked at' },
    ]);
    expect(await readConfig(file)).toEqual([
      { name: 'redis', listen: '127.0.0.1:26379', upstream: 'localhost:6379', isEnabled: true, protocol: 'tcp' },
      { name: 'off', listen: '', upstream: 'localhost:1', isEnabled: false, protocol: 'tcp' },
    ]);
  });

  it('is up before the API answers', async () => {
    await using upstream = await startUpstream(echo);
    const listen = `127.0.0.1:${await freePort()}`;
    write([{ name: 'echo', listen, upstream: upstream.address }]);
    await using server = await startToxiproxy({ configFile: file });
    expect(await talk(listen, 'hello')).toBe('hello');
    expect(JSON.parse((await call(server.origin, { method: 'GET', path: '/proxies/echo' })).text)).toMatchObject({ listen });
  });

  it.each([
    ['{', 'no JSON'],
    [{ name: 'redis' }, 'expected array'],
    [[{ name: 'a', upstream: 'x:1' }, { name: 'b' }], '[1].upstream: '],
    [[{ name: '', upstream: 'x:1' }], '[0].name: '],
    [[{ name: 'a', upstream: 'x:1', listen: 26_379 }], '[0].listen: '],
    [[3], '[0]: '],
  ])('is refused with its name and the place when it is %j', async (document, what) => {
    write(document);
    await expect(readConfig(file)).rejects.toMatchObject({ code: 'BAD_SCENARIO', message: expect.stringContaining(what) });
    await expect(readConfig(file)).rejects.toThrow(file);
  });

  it('is refused when one of its proxies can not listen, and none of the others is left', async () => {
    await using upstream = await startUpstream(echo);
    const listen = `127.0.0.1:${await freePort()}`;
    write([
      { name: 'first', listen, upstream: upstream.address },
      { name: 'second', listen: upstream.address, upstream: 'x:1' },
    ]);
    await expect(startToxiproxy({ configFile: file })).rejects.toMatchObject({
      code: 'BAD_SCENARIO',
      message: `${file}: [1].listen: listen tcp ${upstream.address}: bind: address already in use`,
    });
    await expect(talk(listen, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is not found where there is none', async () => {
    await expect(readConfig(file)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining(file) });
  });
});
