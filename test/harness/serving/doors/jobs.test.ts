import { Hono } from 'hono';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GatewayConfig } from '../../../../harness/serving/config.ts';
import { addJobsRoutes } from '../../../../harness/serving/doors/jobs.ts';
import { createMemoryStore } from '../../../../harness/serving/queue/memory-store.ts';
import { createQueueService, type QueueService } from '../../../../harness/serving/queue/service.ts';
import type { QueueStore } from '../../../../harness/serving/queue/store.ts';
import type { Stack } from '../../../../harness/serving/stack.ts';
import { openDesign } from '../../../support/open-design.ts';

const ORIGIN = 'http://queue.test';

let store: QueueStore;
let service: QueueService;
let isReached: boolean;
let app: Hono;

beforeEach(() => {
  vi.useFakeTimers();
  store = createMemoryStore();
  service = createQueueService(store, { maxReceives: 2, maxDepth: 2, retentionMs: 60_000 });
  isReached = true;
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    if (!isReached) throw new TypeError('fetch failed');
    return service.fetch(new Request(input, init));
  });
  app = new Hono();
  const node = { id: 'stack/us-east/queue', kind: 'queue', region: 'us-east', rttMs: 1, origin: ORIGIN };
  const config = { model: 'digits', links: [], design: openDesign, nodes: [node] } as GatewayConfig;
  const stack = { model: 'digits', admit: (_, { tenant = '' }) => ({ subject: '', tenant }) } as Stack;
  addJobsRoutes(app, stack, config);
});
afterEach(() => {
  service.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const body = (id?: string) =>
  JSON.stringify({ id, inputs: [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', data: new Array(64).fill(0) }] });

const submit = (text: string, headers: Readonly<Record<string, string>> = {}) =>
  app.request('/v2/models/digits/jobs', { method: 'POST', body: text, headers });

it('accepts a job once the queue has it, with what its caller says', async () => {
  const response = await submit(body('a'), { 'x-squall-tenant': 'acme', 'x-squall-deadline-ms': '1000' });
  expect(response.status).toBe(202);
  expect(response.headers.get('location')).toBe('/v2/jobs/a');
  const [lease] = store.receive({ max: 1, visibilityMs: 10, maxReceives: 2 }, Date.now());
  expect(lease?.job).toEqual({
    id: 'a',
    body: body('a'),
    attributes: { 'x-squall-tenant': 'acme', 'x-squall-deadline-at-ms': String(Date.now() + 1000) },
  });
});

it('takes what is sent twice for one job, and a header for an id', async () => {
  await submit(body('a'));
  await submit(body('a'));
  expect((await submit(body(), { 'idempotency-key': 'b' })).status).toBe(202);
  expect(store.figures(Date.now()).visible).toBe(2);
});

it('refuses what no worker could read, another model, and more than the queue may hold', async () => {
  expect((await submit('{}')).status).toBe(400);
  expect((await app.request('/v2/models/other/jobs', { method: 'POST', body: body() })).status).toBe(404);
  await submit(body('a'));
  await submit(body('b'));
  expect((await submit(body('c'))).status).toBe(503);
});

it('tries for as long as the design gives, and promises nothing then', async () => {
  isReached = false;
  const response = submit(body('a'));
  await vi.advanceTimersByTimeAsync(500);
  isReached = true;
  await vi.advanceTimersByTimeAsync(1000);
  expect((await response).status).toBe(202);

  isReached = false;
  const late = submit(body('b'));
  await vi.advanceTimersByTimeAsync(2000);
  expect((await late).status).toBe(503);
});

it('gives the result as the synchronous door would have, 202 before, 410 for a dead letter, 404 for no job', async () => {
  await submit(body('a'));
  expect((await app.request('/v2/jobs/a')).status).toBe(202);
  const waiting = Promise.resolve(app.request('/v2/jobs/a?waitMs=1000'));
  await vi.advanceTimersByTimeAsync(100);
  store.putResult(
    { jobId: 'a', status: 504, headers: { 'x-squall-served-by': 'x' }, body: '{"error":"late"}' },
    true,
    Date.now(),
  );
  await vi.advanceTimersByTimeAsync(1000);
  const response = await waiting;
  expect(response.status).toBe(504);
  expect(response.headers.get('x-squall-served-by')).toBe('x');
  expect(response.headers.get('x-squall-job')).toBe('done');
  expect(await response.json()).toEqual({ error: 'late' });

  await submit(body('b'));
  for (const { receipt } of store.receive({ max: 9, visibilityMs: 10, maxReceives: 2 }, Date.now()))
    store.bury(receipt, 'no', Date.now());
  expect((await app.request('/v2/jobs/b')).status).toBe(410);
  expect((await app.request('/v2/jobs/c')).status).toBe(404);
});
