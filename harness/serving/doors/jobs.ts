import type { Hono } from 'hono';
import { openScope } from '../abort.ts';
import { readCaller } from '../caller.ts';
import type { GatewayConfig } from '../config.ts';
import { BadRequest, Cancelled, messageOf, Refused } from '../errors.ts';
import { partHeaderOf } from '../identity/part-token.ts';
import { parseInferRequest } from '../open-inference.ts';
import { createQueueClient } from '../queue/client.ts';
import { attributesOf } from '../queue/job-attributes.ts';
import { type Broker, BrokerUnavailable, JobRefused } from '../queue/job-queue.ts';
import { MAX_WAIT_MS } from '../queue/messages.ts';
import { persist } from '../queue/persist.ts';
import { readText } from '../read-text.ts';
import type { Stack } from '../stack.ts';
import { failureResponse } from './failure-response.ts';
import { failureOf } from './failures.ts';

const BODY_LIMIT_BYTES = 256 * 1024;
/** A call of the queue that takes longer is made again. */
const CALL_TIMEOUT_MS = 500;
/** How long a job may take to be accepted where the design has no deadline. */
const SUBMIT_WITHIN_MS = 5000;
/** Marks an answer that says how a job ended: the caller need not ask again. */
const JOB_HEADER = 'x-squall-job';

const brokerOf = (config: GatewayConfig): Broker | undefined => {
  const { nodes = [] } = config;
  const address = nodes.find(({ kind }) => kind === 'queue');
  return (
    address &&
    createQueueClient({
      origin: address.origin,
      fetch: (...args) => globalThis.fetch(...args),
      authorization: partHeaderOf(config, (...args) => globalThis.fetch(...args)),
      timeoutMs: CALL_TIMEOUT_MS,
      headers: { 'x-squall-node': 'gateway' },
    })
  );
};

/** How a request about jobs ends that went wrong. */
const toResponse = (error: unknown): Response => {
  if (error instanceof JobRefused) return failureResponse(error.kind === 'queue-full' ? 'too-many' : error.kind, error.message);
  if (error instanceof BrokerUnavailable) return failureResponse('unavailable', error.message);
  const { kind, message } = failureOf(error);
  return failureResponse(kind, message);
};

/** The job of a request, in the name of whoever makes it: its token stays here. */
const readJob = async (request: Request, { admit, model }: Stack, nowMs: number) => {
  const said = readCaller((name) => request.headers.get(name));
  const { subject, tenant } = await admit(
    { authorization: said.authorization ?? null },
    { action: 'predict', model, tenant: said.tenant },
  );
  const text = await readText(request, BODY_LIMIT_BYTES);
  if (text === null) throw new Refused('too-large', `The body is over ${BODY_LIMIT_BYTES} bytes.`);
  const { id } = parseInferRequest(text);
  const key = id ?? request.headers.get('idempotency-key') ?? crypto.randomUUID();
  if (key.length === 0 || key.length > 128) throw new BadRequest('id: expected a text of 1 to 128 characters.');
  return {
    id: key,
    body: text,
    attributes: attributesOf({ ...said, tenant, subject }, nowMs),
  };
};

/**
 * Jobs: `POST /v2/models/{model}/jobs` answers 202 once the queue has the job for good, `GET /v2/jobs/{id}?waitMs=` gives its result, as
 * the synchronous door would have, or 202 while there is none. The request's id is the job's: one that is sent twice is one job.
 */
export const addJobsRoutes = (app: Hono, stack: Stack, config: GatewayConfig): void => {
  const { model } = stack;
  const broker = brokerOf(config);
  if (!broker) return;
  const submitWithinMs = config.design.deadlineMs === false ? SUBMIT_WITHIN_MS : config.design.deadlineMs;

  app.post('/v2/models/:name/jobs', async (c) => {
    const name = c.req.param('name');
    if (name !== model) return failureResponse('not-found', `There is no model ${name}; ${model} is served.`);
    const scope = openScope(c.req.raw.signal, { ms: submitWithinMs, reason: () => new Cancelled('deadline') });
    try {
      const job = await readJob(c.req.raw, stack, Date.now());
      await persist((signal) => broker.queue.send(job, signal), scope.signal);
      const path = `/v2/jobs/${encodeURIComponent(job.id)}`;
      return Response.json({ id: job.id, state: 'queued', result: path }, { status: 202, headers: { location: path } });
    } catch (error) {
      // Whether the queue has it is not known: nothing was promised.
      if (scope.signal.aborted) return failureResponse('unavailable', `The job was not accepted in time. ${messageOf(error)}`);
      return toResponse(error);
    } finally {
      scope.close();
    }
  });

  app.get('/v2/jobs/:id', async (c) => {
    const id = c.req.param('id');
    const waitMs = Math.min(Math.max(0, Number(c.req.query('waitMs')) || 0), MAX_WAIT_MS);
    const { signal } = c.req.raw;
    try {
      const result = await broker.results.get(id, waitMs, signal);
      if (result) {
        const { status, headers, body } = result;
        return new Response(body, { status, headers: { ...headers, 'content-type': 'application/json', [JOB_HEADER]: 'done' } });
      }
      const state = await broker.stateOf(id, signal);
      if (!state) return failureResponse('not-found', `There is no job ${id}.`);
      if (state.type !== 'dead') return Response.json({ id, state: state.type }, { status: 202 });
      const error = `The job was given up after it was received ${state.receives} times. ${state.reason}`;
      return Response.json({ id, state: 'dead', error }, { status: 410, headers: { [JOB_HEADER]: 'dead' } });
    } catch (error) {
      return toResponse(error);
    }
  });
};
