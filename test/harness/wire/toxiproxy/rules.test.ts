import { afterEach, describe, expect, it } from 'vitest';
import { serveToxiproxy, type ToxiproxyServer } from '../../../../harness/wire/toxiproxy/serve.ts';
import { proxyHttp1, send1, type TestProxy } from '../../../support/http-proxy.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Api {
  readonly server: ToxiproxyServer;
  /** Something that answers `ok`. */
  readonly upstream: TestProxy;
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly answer: unknown }>;
}

const setUp = async (): Promise<Api> => {
  const upstream = await proxyHttp1((_incoming, response) => void response.end('ok'));
  closing.push(() => upstream[Symbol.asyncDispose]());
  const server = await serveToxiproxy({ host: '127.0.0.1', port: 0, seed: 1 });
  closing.push(server.close);
  return {
    server,
    upstream,
    async call(method, path, body) {
      const response = await fetch(`${server.origin}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, answer: text === '' ? undefined : JSON.parse(text) };
    },
  };
};

const RULE = { name: 'busy', match: { path: '/predict' }, first: 1, fault: { type: 'status', status: 429 } };

/** Makes an HTTP proxy before the upstream; gives its port. */
const createHttp = async ({ call, upstream }: Api): Promise<number> => {
  const { status, answer } = await call('POST', '/proxies', {
    name: 'model',
    upstream: `127.0.0.1:${upstream.upstreamPort}`,
    protocol: 'http',
  });
  expect(status).toBe(201);
  expect(answer).toMatchObject({ name: 'model', protocol: 'http', enabled: true });
  return Number((answer as { listen: string }).listen.split(':')[1]);
};

describe('an HTTP proxy of the API', () => {
  it('takes rules, shows them as they were written, and carries them out', async () => {
    const api = await setUp();
    const port = await createHttp(api);
    expect(await api.call('GET', '/proxies/model/rules')).toEqual({ status: 200, answer: [] });
    expect(await api.call('PUT', '/proxies/model/rules', [RULE])).toEqual({ status: 200, answer: [RULE] });
    const statuses = [];
    for (const path of ['/', '/predict', '/predict']) statuses.push((await send1(port, { path })).status);
    expect(statuses).toEqual([200, 429, 200]);
    const metrics = await (await fetch(`${api.server.origin}/metrics`)).text();
    expect(metrics).toMatch(/squall_link_toxics_landed_total\{.*proxy="model".*toxic="busy".*\} 1/);
  });

  it('keeps its rules while it is moved and turned off, and loses them with /reset', async () => {
    const api = await setUp();
    await createHttp(api);
    const rule = { fault: { type: 'status', status: 503 } };
    await api.call('PUT', '/proxies/model/rules', [rule]);
    await api.call('POST', '/proxies/model', { enabled: false });
    const { answer } = await api.call('POST', '/proxies/model', { enabled: true, listen: '127.0.0.1:0' });
    const port = Number((answer as { listen: string }).listen.split(':')[1]);
    expect((await send1(port)).status).toBe(503);
    await api.call('POST', '/reset');
    expect((await send1(port)).body).toBe('ok');
    expect((await api.call('GET', '/proxies/model/rules')).answer).toEqual([]);
  });

  it('refuses rules that are amiss, with the place of each, and keeps those it has', async () => {
    const api = await setUp();
    await createHttp(api);
    await api.call('PUT', '/proxies/model/rules', [RULE]);
    const { status, answer } = await api.call('PUT', '/proxies/model/rules', [
      { fault: { type: 'status' } },
      { every: 0, fault: RULE.fault },
    ]);
    expect(status).toBe(400);
    expect((answer as { error: string }).error).toMatch(
      /^bad rules: rules\[0\]\.fault\.status: is missing.*; rules\[1\]\.every: expected at least 1, got 0$/,
    );
    expect((await api.call('GET', '/proxies/model/rules')).answer).toEqual([RULE]);
  });

  it('refuses toxics, as a TCP proxy refuses rules, and a protocol that is neither', async () => {
    const api = await setUp();
    await createHttp(api);
    expect(await api.call('POST', '/proxies/model/toxics', { type: 'latency' })).toMatchObject({
      status: 400,
      answer: { error: 'a proxy with "protocol": "http" takes rules, not toxics' },
    });
    const { answer } = await api.call('POST', '/proxies', { name: 'plain', upstream: 'localhost:1' });
    expect(answer).not.toHaveProperty('protocol');
    expect((await api.call('PUT', '/proxies/plain/rules', [RULE])).status).toBe(400);
    expect(await api.call('POST', '/proxies', { name: 'odd', upstream: 'localhost:1', protocol: 'quic' })).toMatchObject({
      status: 400,
      answer: { error: 'protocol was invalid, can be either tcp or http; got "quic"' },
    });
  });

  it('comes by /populate too, and takes the place of a TCP proxy of its name', async () => {
    const api = await setUp();
    const upstream = `127.0.0.1:${api.upstream.upstreamPort}`;
    await api.call('POST', '/populate', [{ name: 'one', listen: '127.0.0.1:0', upstream }]);
    const { answer } = await api.call('POST', '/populate', [{ name: 'one', listen: '127.0.0.1:0', upstream, protocol: 'http' }]);
    expect((answer as { proxies: unknown[] }).proxies).toEqual([expect.objectContaining({ name: 'one', protocol: 'http' })]);
  });
});
