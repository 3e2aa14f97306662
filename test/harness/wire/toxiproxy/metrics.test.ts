import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Metric, toPrometheusText } from '../../../../harness/wire/toxiproxy/prometheus.ts';
import { readPrometheus } from '../../../support/prometheus.ts';
import { echo, startUpstream, talk } from '../../../support/tcp.ts';
import { call, startToxiproxy } from '../../../support/toxiproxy.ts';

/** Gauges of some names, with labels of any text. */
const gauges: fc.Arbitrary<readonly Metric[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'a_b', '_c9', 'd:e'),
    type: fc.constant('gauge' as const),
    help: fc.string({ unit: 'binary' }),
    samples: fc
      .array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 4 })
      .chain((texts) =>
        fc.tuple(
          ...texts.map(([first, second], index) =>
            fc.record({
              labels: fc.constant({ first, second, index: String(index) }),
              value: fc.double({ noNaN: true, noDefaultInfinity: true }),
            }),
          ),
        ),
      ),
  }),
  { selector: ({ name }) => name },
);

describe("Prometheus's text format", () => {
  it('is read back as it was written, whatever is in labels and help', () => {
    fc.assert(
      fc.property(gauges, (metrics) => {
        const expected = metrics.flatMap(({ name, samples }) =>
          // The text has no zero below zero.
          samples.map(({ labels, value }) => ({ name, labels, value: value + 0 })),
        );
        expect(readPrometheus(toPrometheusText(metrics))).toEqual(expected);
      }),
    );
  });

  it.each([
    ['a 1\n', 'its type is not said'],
    ['# TYPE a gauge\na 1', 'the last line does not end'],
    ['# TYPE a gauge\na one\n', 'no figure'],
    ['# TYPE a gauge\na{b="c} 1\n', 'labels are not labels'],
    ['# TYPE a gauge\na{b="c" d="e"} 1\n', 'labels are not labels'],
    ['# TYPE a gauge\na 1\na 2\n', 'it comes twice'],
    ['# TYPE a counter\na 1\n', 'no counter'],
    ['# TYPE a gauge\n# TYPE b gauge\na 1\nb 1\na{c="d"} 1\n', 'it is apart from its metric'],
    ['# TYPE a gauge\na 1\n# HELP a late\n', 'it comes too late'],
  ])('is not what %j is', (text, why) => {
    expect(() => readPrometheus(text)).toThrow(why);
  });
});

describe('/metrics', () => {
  it('counts bytes, connections, toxics and delay of each proxy', async () => {
    await using upstream = await startUpstream(echo);
    await using server = await startToxiproxy();
    const post = (path: string, body: unknown) =>
      call(server.origin, { method: 'POST', path, body: JSON.stringify(body) }).then(({ text }) => JSON.parse(text));
    const { listen } = await post('/proxies', { name: 'an "echo"\\\n', upstream: upstream.address, listen: '127.0.0.1:0' });
    await post('/proxies', { name: 'refusing', upstream: 'localhost:1', listen: '127.0.0.1:0' });
    await post('/proxies', { name: 'off', upstream: 'localhost:1', enabled: false });
    await post(`/proxies/${encodeURIComponent('an "echo"\\\n')}/toxics`, {
      type: 'latency',
      name: 'slow',
      attributes: { latency: 40 },
    });
    await talk(listen, 'twelve bytes');

    const { text, type } = await call(server.origin, { method: 'GET', path: '/metrics' });
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const figures = readPrometheus(text);
    const of = (proxy: string) =>
      Object.fromEntries(
        figures
          .filter(({ labels }) => labels.proxy === proxy)
          .map(({ name, labels, value }) => [[name, labels.direction ?? labels.toxic].filter(Boolean).join(' '), value]),
      );
    const echoed = of('an "echo"\\\n');
    expect(echoed).toMatchObject({
      'toxiproxy_proxy_received_bytes_total upstream': 12,
      'toxiproxy_proxy_sent_bytes_total upstream': 12,
      'toxiproxy_proxy_received_bytes_total downstream': 12,
      'toxiproxy_proxy_sent_bytes_total downstream': 12,
      squall_link_connections_total: 1,
      squall_link_failed_connections_total: 0,
    });
    expect(echoed['squall_link_toxics_landed_total slow']).toBeGreaterThanOrEqual(1);
    const chunks = echoed.squall_link_added_latency_seconds_count!;
    expect(chunks).toBeGreaterThanOrEqual(1);
    expect(echoed.squall_link_added_latency_seconds_sum).toBeCloseTo(0.04 * chunks, 6);
    expect(of('refusing')).toMatchObject({ squall_link_connections_total: 0 });
    expect(of('off')).toEqual({});
    for (const { labels } of figures)
      expect(Object.keys(labels)).toEqual(expect.arrayContaining(['listener', 'proxy', 'upstream']));
  });

  it('counts a connection that got no upstream as failed', async () => {
    await using server = await startToxiproxy();
    const gone = await startUpstream(echo);
    await gone[Symbol.asyncDispose]();
    const body = JSON.stringify({ name: 'gone', upstream: gone.address, listen: '127.0.0.1:0' });
    const { text } = await call(server.origin, { method: 'POST', path: '/proxies', body });
    await expect(talk(JSON.parse(text).listen, 'hello')).rejects.toThrow();
    const figures = readPrometheus((await call(server.origin, { method: 'GET', path: '/metrics' })).text);
    expect(figures.find(({ name }) => name === 'squall_link_failed_connections_total')?.value).toBe(1);
  });
});
