import { describe, expect, it } from 'vitest';
import { importText, refusalOf } from '../../../support/imports.ts';

const START_MS = Date.UTC(2026, 9, 20, 6, 0);
const nanos = (ms: number): string => `${Math.round(ms * 1000)}000`;

type Value = string | number;

const attribute = (key: string, value: Value) => ({
  key,
  value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
});

/** A span as exporters write it: 64-bit integers as strings, the kind as a number. */
const span = (atMs: number, tookMs: number, attributes: Readonly<Record<string, Value>>, more: object = {}) => ({
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'POST',
  kind: 3,
  startTimeUnixNano: nanos(START_MS + atMs),
  endTimeUnixNano: nanos(START_MS + atMs + tookMs),
  attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  status: {},
  ...more,
});

const exportOf = (spans: readonly object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [attribute('service.name', 'gateway'), attribute('cloud.region', 'eu-west-1')] },
      scopeSpans: [{ scope: { name: '@opentelemetry/instrumentation-undici' }, spans }],
    },
  ],
});

const HOST = 'runtime.sagemaker.us-east-1.amazonaws.com';

/** Twenty calls a second for a minute; from 20 s to 40 s what `then` says. */
const minute = (
  host: string,
  then: (index: number) => Readonly<Record<string, Value>>,
  more: (index: number) => object = () => ({}),
) =>
  Array.from({ length: 1200 }, (_, index) => {
    const isOff = index >= 400 && index < 800;
    const attributes = { 'server.address': host, ...(isOff ? then(index) : { 'http.response.status_code': 200 }) };
    return span(index * 50, isOff ? 30 : 50, attributes, isOff ? more(index) : {});
  });

describe('OpenTelemetry traces', () => {
  it('are calls by region and second, from one export or one a line', () => {
    const spans = minute(HOST, (index) => ({ 'http.response.status_code': index % 4 === 0 ? 200 : 503 }));
    const whole = importText('traces.json', JSON.stringify(exportOf(spans)));
    expect(whole.format).toBe('otlp');
    expect(whole.draft.faults.filter(({ kind }) => kind !== 'latency-spike')).toMatchObject([
      { kind: 'error-burst', target: 'aws/us-east-1', atMs: 20_000, forMs: 20_000, probability: 0.75 },
    ]);
    const lines = [spans.slice(0, 500), spans.slice(500)].map((part) => JSON.stringify(exportOf(part))).join('\n');
    const byLine = importText('traces.jsonl', `${lines}\n`);
    expect(byLine.format).toBe('otlp');
    expect(byLine.draft.faults).toEqual(whole.draft.faults);
    expect(byLine.draft.recorded).toMatchObject({ stepMs: 1000, curves: { 'aws/us-east-1': expect.any(Array) } });
  });

  it.each([
    ['a 429 is throttling', { 'http.response.status_code': 429 }, {}, ['throttling']],
    ['an old name of the status counts', { 'http.status_code': 429 }, {}, ['throttling']],
    ['a time-out is a black hole', { 'error.type': 'timeout' }, { status: { code: 2 } }, ['region-outage', 'blackhole']],
    ['a reset is one', { 'error.type': 'ECONNRESET' }, { status: { code: 2 } }, ['region-outage', 'partial']],
    ['any other error is an outage', {}, { status: { code: 2 } }, ['region-outage', 'http-5xx']],
    ['gRPC says so too', { 'rpc.grpc.status_code': 8 }, {}, ['throttling']],
  ])('%s', (_, attributes, more, [kind, mode]) => {
    const spans = minute(
      HOST,
      () => attributes as Readonly<Record<string, Value>>,
      () => more,
    );
    const { draft } = importText('t.json', JSON.stringify(exportOf(spans)));
    const fault = draft.faults.find((one) => one.kind !== 'latency-spike');
    expect([fault?.kind, fault?.settings.mode]).toEqual([kind, mode]);
    expect([fault?.atMs, fault?.forMs]).toEqual([20_000, 20_000]);
  });

  it('go to the region of the span before that of the host, and never to that of their caller', () => {
    const spans = minute('api.example.com', () => ({ 'http.response.status_code': 500, 'cloud.region': 'us-central1' }));
    const { draft, unimported } = importText('t.json', JSON.stringify(exportOf(spans)));
    expect(draft.regions.map(({ entry }) => (typeof entry === 'string' ? entry : entry.region))).toEqual(['google/us-central1']);
    expect(unimported).toMatchObject([
      { what: 'series api.example.com', why: expect.stringContaining('--map api.example.com=') },
    ]);
  });

  it('are listed by sort where they are no calls', () => {
    const spans = [
      ...minute(HOST, () => ({ 'http.response.status_code': 200 })),
      span(0, 10, {}, { kind: 2 }),
      span(0, 10, {}, { kind: 2 }),
      span(0, 10, { 'db.system': 'redis' }),
      span(100, -50, { 'server.address': HOST }),
    ];
    const text = JSON.stringify({ ...exportOf(spans), resourceLogs: [{}] });
    expect(importText('t.json', text).unimported).toEqual([
      { what: 'resourceLogs', where: 'resourceLogs', why: 'only traces are read' },
      {
        what: '2 times: span that is no call of a client',
        where: 'first at resourceSpans[0].scopeSpans[0].spans[1200]',
        why: 'only spans of kind CLIENT (3) say what a caller met',
      },
      {
        what: 'client span without an address',
        where: 'resourceSpans[0].scopeSpans[0].spans[1202]',
        why: 'it has none of cloud.region, server.address, url.full',
      },
      {
        what: 'client span without a duration',
        where: 'resourceSpans[0].scopeSpans[0].spans[1203]',
        why: 'startTimeUnixNano and endTimeUnixNano must be nanoseconds in order',
      },
    ]);
  });

  it('are read with numbers for 64-bit integers, as older exporters write them', () => {
    const spans = minute(HOST, () => ({ 'http.response.status_code': 503 })).map((one) => ({
      ...one,
      startTimeUnixNano: Number(one.startTimeUnixNano),
      endTimeUnixNano: Number(one.endTimeUnixNano),
    }));
    expect(importText('t.json', JSON.stringify(exportOf(spans))).draft.faults).toContainEqual(
      expect.objectContaining({ kind: 'region-outage', atMs: 20_000, forMs: 20_000 }),
    );
  });

  it('are refused where there is nothing to learn from', () => {
    expect(refusalOf('t.json', JSON.stringify(exportOf([span(0, 1, {}, { kind: 1 })])))).toContain(
      't.json: has no client span to learn from (span that is no call of a client: only spans of kind CLIENT',
    );
    expect(refusalOf('t.json', '{"resourceMetrics":[]}')).toContain('has no client span');
    expect(refusalOf('t.json', '[]', { format: 'otlp' })).toContain(
      't.json:1: is no OTLP JSON; expected an object with resourceSpans',
    );
    expect(refusalOf('t.jsonl', `${JSON.stringify(exportOf([]))}\n7\n`)).toContain(
      't.jsonl:2:1: expected an object with resourceSpans',
    );
  });
});
