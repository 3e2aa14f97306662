import { Hono } from 'hono';
import type { z } from 'zod';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { messageOf } from '../errors.ts';
import { numberOf, Refusal, readMessage } from '../nodes/json-service.ts';
import { askMessages, jobMessage, MAX_BATCH, MAX_WAIT_MS } from './messages.ts';
import type { QueueStore } from './store.ts';
import { createWaiting, lookUntil } from './waiting.ts';

export interface QueueRules {
  /** A job that was received this often and never completed is a dead letter; Infinity where there are none. */
  readonly maxReceives: number;
  /** Jobs that are neither done nor dead; one more is refused. */
  readonly maxDepth: number;
  /** How long jobs that are done, and results, are kept. */
  readonly retentionMs: number;
}

/** The broker of the stack, as a service. */
export interface QueueService {
  readonly fetch: FetchHandler;
  start(): void;
  /** Jobs have come to the store by another way: whoever waits looks again. */
  wake(): void;
  /** Nobody gets anything from it any more; whoever waits is let go of. */
  stop(): void;
}

const BODY_LIMIT_BYTES = 512 * 1024;
const PRUNE_EVERY_MS = 60_000;

/** A job beyond help is back after this long where there are no dead letters: at once would leave workers time for nothing else. */
const NO_DEAD_LETTERS_DELAY_MS = 200;

const LEASE_OVER = 'The lease is over: its visibility has passed, or the job was put back, buried or completed.';

/**
 * The queue service: jobs, results and dead letters of a store, over HTTP with JSON. docs/async.md has its paths. What it answers with
 * success is on the disk.
 */
export const createQueueService = (store: QueueStore, { maxReceives, maxDepth, retentionMs }: QueueRules): QueueService => {
  const jobsChanged = createWaiting();
  const resultsChanged = createWaiting();
  let pruning: ReturnType<typeof setInterval> | undefined;

  /** What a process that is dead in the simulation had still to do is not done. */
  const alive = (): void => {
    if (jobsChanged.isStopped) throw new Refusal(503, 'The queue is stopped.');
  };
  const take = async <Message>(request: Request, schema: z.ZodType<Message>): Promise<Message> => {
    const message = await readMessage(request, schema, BODY_LIMIT_BYTES);
    alive();
    return message;
  };
  const kept = (isHeld: boolean): Response => {
    if (!isHeld) throw new Refusal(410, LEASE_OVER);
    return Response.json({});
  };

  const app = new Hono();
  app.post('/jobs', async (c) => {
    const job = await take(c.req.raw, jobMessage);
    const nowMs = Date.now();
    const { visible, delayed, leased } = store.figures(nowMs);
    if (visible + delayed + leased >= maxDepth && !store.stateOf(job.id, nowMs)) {
      throw new Refusal(503, `The queue is full: it holds ${maxDepth} jobs.`);
    }
    const sent = store.send(job, nowMs);
    jobsChanged.wake();
    return c.json({ sent }, sent === 'accepted' ? 201 : 200);
  });
  app.post('/jobs/receive', async (c) => {
    const { max, visibilityMs, waitMs } = await take(c.req.raw, askMessages.receive);
    const look = () => {
      const leases = store.receive({ max, visibilityMs, maxReceives }, Date.now());
      return leases.length > 0 ? leases : undefined;
    };
    const leases = await lookUntil(jobsChanged, look, {
      waitMs,
      signal: c.req.raw.signal,
      nextMs: () => store.nextVisibleAtMs(Date.now()) - Date.now(),
    });
    return c.json({ leases: leases ?? [] });
  });
  app.post('/jobs/extend', async (c) => {
    const { receipt, visibilityMs } = await take(c.req.raw, askMessages.extend);
    return kept(store.extend(receipt, visibilityMs, Date.now()));
  });
  app.post('/jobs/complete', async (c) => {
    const { receipt } = await take(c.req.raw, askMessages.complete);
    return kept(store.complete(receipt, Date.now()));
  });
  app.post('/jobs/release', async (c) => {
    const { receipt, ...back } = await take(c.req.raw, askMessages.release);
    const isHeld = store.release(receipt, { ...back, maxReceives }, Date.now());
    jobsChanged.wake();
    resultsChanged.wake();
    return kept(isHeld);
  });
  app.post('/jobs/bury', async (c) => {
    const { receipt, reason } = await take(c.req.raw, askMessages.bury);
    const isHeld =
      maxReceives === Number.POSITIVE_INFINITY
        ? store.release(receipt, { delayMs: NO_DEAD_LETTERS_DELAY_MS, reason, maxReceives }, Date.now())
        : store.bury(receipt, reason, Date.now());
    resultsChanged.wake();
    return kept(isHeld);
  });
  app.get('/jobs/:id', (c) => {
    const nowMs = Date.now();
    store.buryExhausted(maxReceives, nowMs);
    const state = store.stateOf(c.req.param('id'), nowMs);
    if (!state) throw new Refusal(404, `There is no job ${c.req.param('id')}.`);
    return c.json(state);
  });
  app.get('/figures', (c) => {
    store.buryExhausted(maxReceives, Date.now());
    return c.json(store.figures(Date.now()));
  });
  app.get('/dead-letters', (c) => {
    store.buryExhausted(maxReceives, Date.now());
    return c.json({ deadLetters: store.deadLetters(numberOf(c.req.query('max'), 1000) || MAX_BATCH) });
  });
  app.post('/dead-letters/redrive', async (c) => {
    const { jobIds } = await take(c.req.raw, askMessages.redrive);
    const redriven = store.redrive(jobIds, Date.now());
    jobsChanged.wake();
    return c.json({ redriven });
  });
  app.post('/results', async (c) => {
    const { result, ifAbsent } = await take(c.req.raw, askMessages.putResult);
    const put = store.putResult(result, ifAbsent, Date.now());
    resultsChanged.wake();
    return c.json({ put }, put === 'stored' ? 201 : 200);
  });
  app.get('/results/:id', async (c) => {
    const jobId = c.req.param('id');
    /** Of a dead job there will be none: nobody need wait for it. */
    const look = () =>
      store.resultOf(jobId) ?? (store.stateOf(jobId, Date.now())?.type === 'dead' ? ('dead' as const) : undefined);
    const seen = await lookUntil(resultsChanged, look, {
      waitMs: numberOf(c.req.query('waitMs'), MAX_WAIT_MS),
      signal: c.req.raw.signal,
      nextMs: () => Number.POSITIVE_INFINITY,
    });
    alive();
    if (seen !== undefined && seen !== 'dead') return c.json({ result: seen });
    return c.json({ state: store.stateOf(jobId, Date.now()) ?? null });
  });
  app.get('/results', async (c) => {
    const [cursor, max] = [numberOf(c.req.query('after'), Number.MAX_SAFE_INTEGER), numberOf(c.req.query('max'), MAX_BATCH)];
    const look = () => {
      const results = store.resultsAfter(cursor, max || MAX_BATCH);
      return results.length > 0 ? results : undefined;
    };
    const results = await lookUntil(resultsChanged, look, {
      waitMs: numberOf(c.req.query('waitMs'), MAX_WAIT_MS),
      signal: c.req.raw.signal,
      nextMs: () => Number.POSITIVE_INFINITY,
    });
    alive();
    return c.json({ results: results ?? [] });
  });
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path}.` }, 404));
  app.onError((error, c) => c.json({ error: messageOf(error) }, error instanceof Refusal ? error.status : 500));

  return {
    fetch: async (request) => app.fetch(request),
    start() {
      pruning = setInterval(() => store.prune(Date.now() - retentionMs), PRUNE_EVERY_MS);
    },
    wake: jobsChanged.wake,
    stop() {
      clearInterval(pruning);
      jobsChanged.stop();
      resultsChanged.stop();
    },
  };
};
