import { type Toxic, Toxiproxy } from 'toxiproxy-node-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { echo, startUpstream, talk, type Upstream } from '../../support/tcp.ts';
import { type Server, startToxiproxy } from '../../support/toxiproxy.ts';

let upstream: Upstream;
let server: Server;
let client: Toxiproxy;

beforeEach(async () => {
  upstream = await startUpstream(echo);
  server = await startToxiproxy();
  client = new Toxiproxy(server.origin);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const addEcho = () => client.createProxy({ name: 'echo', listen: '127.0.0.1:0', upstream: upstream.address });

const timed = async (work: Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await work;
  return performance.now() - startMs;
};

describe('toxiproxy-node-client', () => {
  it('asks for the version', async () => {
    expect(await client.getVersion()).toContain('2.12.0');
  });

  it('creates, gets, lists, turns off and removes a proxy', async () => {
    const proxy = await addEcho();
    expect(proxy).toMatchObject({ name: 'echo', upstream: upstream.address, enabled: true });
    expect((await client.get('echo')).listen).toBe(proxy.listen);
    expect(Object.keys(await client.getAll())).toEqual(['echo']);
    expect(await talk(proxy.listen, 'hello')).toBe('hello');

    const off = await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
    expect(off.enabled).toBe(false);
    await expect(talk(proxy.listen, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await proxy.remove();
    expect(await client.getAll()).toEqual({});
  });

  it('throws where Toxiproxy would refuse', async () => {
    await addEcho();
    await expect(addEcho()).rejects.toThrow('status code 409');
    await expect(client.get('none')).rejects.toThrow('status code 404');
  });

  it('populates, twice alike, and resets', async () => {
    const body = [{ name: 'echo', listen: '127.0.0.1:0', upstream: upstream.address, enabled: false }];
    const { echo: made } = await client.populate(body);
    expect(made?.enabled).toBe(false);
    await client.reset();
    const proxy = await client.get('echo');
    expect(await talk(proxy.listen, 'hello')).toBe('hello');
    const again = await client.populate([{ ...body[0]!, listen: proxy.listen }]);
    expect(again.echo).toMatchObject({ listen: proxy.listen, enabled: true });
  });

  it('adds, gets, changes and removes a toxic, and it is felt', async () => {
    const proxy = await addEcho();
    const toxic: Toxic<{ latency: number; jitter: number }> = await proxy.addToxic({
      name: 'slow',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 60, jitter: 0 },
    });
    expect(await timed(talk(proxy.listen, 'hello'))).toBeGreaterThanOrEqual(59);
    expect((await proxy.getToxic('slow')).attributes).toEqual({ latency: 60, jitter: 0 });
    const changed = await toxic.update({ ...toxic.toJson(), attributes: { latency: 120, jitter: 0 } });
    expect(changed.attributes.latency).toBe(120);
    expect(await timed(talk(proxy.listen, 'hello'))).toBeGreaterThanOrEqual(119);
    await toxic.remove();
    await expect(proxy.getToxic('slow')).rejects.toThrow('status code 404');
  });

  it.each([
    ['bandwidth', { rate: 100 }],
    ['slow_close', { delay: 10 }],
    ['timeout', { timeout: 10 }],
    ['reset_peer', { timeout: 10 }],
    ['slicer', { average_size: 10, size_variation: 5, delay: 10 }],
    ['limit_data', { bytes: 10 }],
  ] as const)('adds %s as it is typed', async (type, attributes) => {
    const proxy = await addEcho();
    const toxic = await proxy.addToxic({ name: type, type, stream: 'upstream', toxicity: 0.5, attributes });
    expect(toxic.toJson()).toEqual({ name: type, type, stream: 'upstream', toxicity: 0.5, attributes });
    expect((await proxy.getToxic(type)).toJson()).toEqual(toxic.toJson());
  });
});
