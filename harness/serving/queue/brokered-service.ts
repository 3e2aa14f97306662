import { Hono } from 'hono';
import type { z } from 'zod';
import { messageOf } from '../errors.ts';
import { numberOf, Refusal, readMessage } from '../nodes/json-service.ts';
import type { Lease } from './job.ts';
import { type Broker, BrokerUnavailable, JobRefused } from './job-queue.ts';
import { askMessages, jobMessage, MAX_BATCH, MAX_WAIT_MS } from './messages.ts';
import type { QueueRules, QueueService } from './service.ts';
import { createTidings } from './tidings.ts';

const BODY_LIMIT_BYTES = 512 * 1024;
/** How long the depth of the queue is taken as read; what comes meanwhile is counted. */
const DEPTH_FOR_MS = 500;
/** A result that came by another way is seen this much later at most. */
const LOOK_AGAIN_MS = 1000;
/** A job beyond help is back after this long where there are no dead letters, as in service.ts. */
const NO_DEAD_LETTERS_DELAY_MS = 200;
/** Jobs in hands that are remembered. */
const MAX_LEASES = 10_000;

const LEASE_OVER = 'The lease is over, or it was given before the queue was started again.';

const STATUS_OF: Readonly<Record<JobRefused['kind'], Refusal['status']>> = {
  'too-large': 413,
  'bad-request': 400,
  'queue-full': 503,
};

const statusOf = (error: unknown): Refusal['status'] | 500 => {
  if (error instanceof Refusal) return error.status;
  if (error instanceof JobRefused) return STATUS_OF[error.kind];
  return error instanceof BrokerUnavailable ? 503 : 500;
};

/** Leases that were handed out: callers name them by their receipts. */
const createLeases = () => {
  const leases = new Map<string, Lease>();
  return {
    add(lease: Lease) {
      const [oldest] = leases.keys();
      if (leases.size >= MAX_LEASES && oldest !== undefined) leases.delete(oldest);
      leases.set(lease.receipt, lease);
    },
    of: (receipt: string): Lease | undefined => leases.get(receipt),
    /** What is known of a lease that a former life of the process has handed out: its receipt. */
    namedBy: (receipt: string): Lease =>
      leases.get(receipt) ?? { job: { id: '', body: '', attributes: {} }, receipt, receives: 1 },
    end: (receipt: string) => void leases.delete(receipt),
  };
};

/**
 * The queue service over a broker of somebody else's: the same paths as over a store (service.ts). What it answers with success the broker has.
 * While the broker cannot be had it answers 503.
 */
export const createBrokeredService = (
  broker: Broker,
  { maxReceives, maxDepth }: Pick<QueueRules, 'maxReceives' | 'maxDepth'>,
): Pick<QueueService, 'fetch' | 'stop'> => {
  const { queue, results, deadLetters } = broker;
  const leases = createLeases();
  const tidings = createTidings();
  let depth = { jobs: 0, readAtMs: Number.NEGATIVE_INFINITY };

  const take = <Message>(request: Request, schema: z.ZodType<Message>): Promise<Message> =>
    readMessage(request, schema, BODY_LIMIT_BYTES);
  const kept = (isHeld: boolean): Response => {
    if (!isHeld) throw new Refusal(410, LEASE_OVER);
    return Response.json({});
  };
  const isFull = async (signal: AbortSignal): Promise<boolean> => {
    if (performance.now() - depth.readAtMs > DEPTH_FOR_MS) {
      const { visible, delayed, leased } = await queue.figures(signal);
      depth = { jobs: visible + delayed + leased, readAtMs: performance.now() };
    }
    return depth.jobs >= maxDepth;
  };
  const heldLease = (receipt: string): Lease => {
    const lease = leases.of(receipt);
    if (!lease) throw new Refusal(410, LEASE_OVER);
    return lease;
  };
  /** What becomes of a job is its waiters' affair. */
  const endLease = ({ job, receipt }: Lease): void => {
    leases.end(receipt);
    tidings.tell(job.id);
  };

  const app = new Hono();
  app.post('/jobs', async (c) => {
    const job = await take(c.req.raw, jobMessage);
    const { signal } = c.req.raw;
    if ((await isFull(signal)) && !(await broker.stateOf(job.id, signal))) {
      throw new Refusal(503, `The queue is full: it holds ${maxDepth} jobs.`);
    }
    const sent = await queue.send(job, signal);
    if (sent === 'accepted') depth.jobs += 1;
    return c.json({ sent }, sent === 'accepted' ? 201 : 200);
  });
  app.post('/jobs/receive', async (c) => {
    const ask = await take(c.req.raw, askMessages.receive);
    const received = await queue.receive(ask, c.req.raw.signal);
    for (const lease of received) leases.add(lease);
    return c.json({ leases: received });
  });
  app.post('/jobs/extend', async (c) => {
    const { receipt, visibilityMs } = await take(c.req.raw, askMessages.extend);
    return kept(await queue.extend(leases.namedBy(receipt), visibilityMs, c.req.raw.signal));
  });
  app.post('/jobs/complete', async (c) => {
    const { receipt } = await take(c.req.raw, askMessages.complete);
    const lease = leases.namedBy(receipt);
    const isHeld = await queue.complete(lease, c.req.raw.signal);
    if (isHeld) leases.end(receipt);
    return kept(isHeld);
  });
  app.post('/jobs/release', async (c) => {
    const { receipt, ...back } = await take(c.req.raw, askMessages.release);
    const lease = heldLease(receipt);
    const isHeld = await queue.release(lease, back, c.req.raw.signal);
    endLease(lease);
    return kept(isHeld);
  });
  app.post('/jobs/bury', async (c) => {
    const { receipt, reason } = await take(c.req.raw, askMessages.bury);
    const lease = heldLease(receipt);
    const { signal } = c.req.raw;
    const isHeld =
      maxReceives === Number.POSITIVE_INFINITY
        ? await queue.release(lease, { delayMs: NO_DEAD_LETTERS_DELAY_MS, reason }, signal)
        : await queue.bury(lease, reason, signal);
    endLease(lease);
    return kept(isHeld);
  });
  app.get('/jobs/:id', async (c) => {
    const state = await broker.stateOf(c.req.param('id'), c.req.raw.signal);
    if (!state) throw new Refusal(404, `There is no job ${c.req.param('id')}.`);
    return c.json(state);
  });
  app.get('/figures', async (c) => c.json(await queue.figures(c.req.raw.signal)));
  app.get('/dead-letters', async (c) => {
    const max = numberOf(c.req.query('max'), 1000) || MAX_BATCH;
    return c.json({ deadLetters: await deadLetters.list(max, c.req.raw.signal) });
  });
  app.post('/dead-letters/redrive', async (c) => {
    const { jobIds } = await take(c.req.raw, askMessages.redrive);
    const only = jobIds === 'all' ? undefined : jobIds;
    return c.json({ redriven: await deadLetters.redrive(1000, c.req.raw.signal, only) });
  });
  app.post('/results', async (c) => {
    const { result, ifAbsent } = await take(c.req.raw, askMessages.putResult);
    const { signal } = c.req.raw;
    const put = ifAbsent ? await results.put(result, signal) : 'stored';
    if (!ifAbsent) await results.append(result, signal);
    tidings.tell(result.jobId);
    return c.json({ put }, put === 'stored' ? 201 : 200);
  });
  app.get('/results/:id', async (c) => {
    const jobId = c.req.param('id');
    const { signal } = c.req.raw;
    /** Of a dead job there will be none: nobody need wait for it. */
    const look = async () => {
      const result = await results.get(jobId, 0, signal);
      if (result) return { result };
      const state = (await broker.stateOf(jobId, signal)) ?? null;
      return { state, isOver: state?.type === 'dead' };
    };
    const waitMs = numberOf(c.req.query('waitMs'), MAX_WAIT_MS);
    const isSeen = (seen: Awaited<ReturnType<typeof look>>) => seen.result !== undefined || seen.isOver === true;
    const { result, state } = await tidings.lookUntil(jobId, look, { isSeen, waitMs, signal, againMs: LOOK_AGAIN_MS });
    return c.json(result ? { result } : { state });
  });
  app.get('/results', async (c) => {
    const [cursor, max] = [numberOf(c.req.query('after'), Number.MAX_SAFE_INTEGER), numberOf(c.req.query('max'), MAX_BATCH)];
    const waitMs = numberOf(c.req.query('waitMs'), MAX_WAIT_MS);
    return c.json({ results: await results.read(cursor, max || MAX_BATCH, waitMs, c.req.raw.signal) });
  });
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path}.` }, 404));
  app.onError((error, c) => c.json({ error: messageOf(error) }, statusOf(error)));

  return { fetch: async (request) => app.fetch(request), stop: tidings.stop };
};
