import { describe, expect, it } from 'vitest';
import { createAlarms } from '../../../../harness/wire/tcp/alarms.ts';
import { createToxiproxyApi } from '../../../../harness/wire/toxiproxy/api.ts';
import { createProxies } from '../../../../harness/wire/toxiproxy/proxies.ts';

const ask = async (headers: Readonly<Record<string, string>>, isLoopback: boolean, path = '/version'): Promise<number> => {
  const api = createToxiproxyApi(createProxies({ seed: 1, alarms: createAlarms() }), { isLoopback });
  return (await api(new Request(`http://${headers.host}${path}`, { headers }))).status;
};

describe('pages in a browser and the API of proxies', () => {
  it.each([
    ['a browser by its name', { host: '127.0.0.1:8474', 'user-agent': 'Mozilla/5.0 (X11)' }],
    ['a page that names itself otherwise', { host: '127.0.0.1:8474', 'user-agent': 'curl', origin: 'https://evil.example' }],
    ['a page whose own host name leads here (DNS rebinding)', { host: 'evil.example:8474', 'user-agent': 'curl' }],
    ['a host that begins like loopback', { host: '127.0.0.1.evil.example', 'user-agent': 'curl' }],
  ])('on loopback refuses %s', async (_, headers) => {
    expect(await ask(headers, true)).toBe(403);
    expect(await ask(headers, true, '/proxies')).toBe(403);
  });

  it.each(['127.0.0.1:8474', 'localhost:8474', '[::1]:8474', '127.1.2.3'])(
    'on loopback answers programs that ask at %s',
    async (host) => {
      expect(await ask({ host }, true)).toBe(200);
    },
  );

  it('where the user has named an address, names of the network are good, and pages still are not', async () => {
    expect(await ask({ host: 'toxiproxy:8474' }, false)).toBe(200);
    expect(await ask({ host: 'toxiproxy:8474', origin: 'http://toxiproxy:8474' }, false)).toBe(403);
  });
});
