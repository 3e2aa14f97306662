import { Hono } from 'hono';
import { z } from 'zod';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { messageOf } from '../errors.ts';
import { numberOf, Refusal, readMessage } from '../nodes/json-service.ts';
import { attributesMessage, MAX_BATCH, MAX_JOB_BYTES, MAX_WAIT_MS, resultMessage } from '../queue/messages.ts';
import { createWaiting, lookUntil } from '../queue/waiting.ts';
import type { LogStore } from './log-store.ts';

/** The stream's log as a service. */
export interface StreamService {
  readonly fetch: FetchHandler;
  /** Whoever waits is let go of. */
  stop(): void;
}

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

const HTTP_CONFLICT = 409;

const id = z.string().min(1).max(128);
const place = z.int().min(0);
const eventMessage = z.object({
  id,
  eventTimeMs: z.number(),
  body: z.string().max(MAX_JOB_BYTES),
  attributes: attributesMessage,
});
const commitMessage = z.object({
  partition: place,
  from: place,
  to: place,
  results: z.array(resultMessage),
  windows: z.array(z.object({ startMs: z.number(), count: place, labels: z.array(place) })),
  state: z.string(),
  isFenced: z.boolean(),
});
const resultsMessage = z.object({ results: z.array(resultMessage) });

/** FNV-1a: the same event goes to the same partition, whoever sends it again. */
const partitionFor = (eventId: string, partitions: number): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < eventId.length; at += 1) hash = Math.imul(hash ^ eventId.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % partitions;
};

/**
 * The log of a stream, over HTTP with JSON: producers append events, processors read a partition and commit what is done, consumers wait for
 * results. docs/streams.md has its paths. What it answers with success is on the disk.
 */
export const createStreamService = (store: LogStore, partitions: number): StreamService => {
  const eventsChanged = createWaiting();
  const resultsChanged = createWaiting();

  const take = async <Message>(request: Request, schema: z.ZodType<Message>): Promise<Message> => {
    const message = await readMessage(request, schema, BODY_LIMIT_BYTES);
    // What a process that is dead in the simulation had still to do is not done.
    if (eventsChanged.isStopped) throw new Refusal(503, 'The stream is stopped.');
    return message;
  };

  const app = new Hono();
  app.post('/events', async (c) => {
    const event = await take(c.req.raw, eventMessage);
    const partition = partitionFor(event.id, partitions);
    const { offset, isNew } = store.append(partition, event);
    eventsChanged.wake();
    return c.json({ partition, offset }, isNew ? 201 : 200);
  });
  app.get('/partitions/:partition', (c) => c.json(store.committed(numberOf(c.req.param('partition'), partitions - 1))));
  app.get('/partitions/:partition/events', async (c) => {
    const partition = numberOf(c.req.param('partition'), partitions - 1);
    const [from, max] = [numberOf(c.req.query('from'), Number.MAX_SAFE_INTEGER), numberOf(c.req.query('max'), 1000) || MAX_BATCH];
    const look = () => {
      const events = store.read(partition, from, max);
      return events.length > 0 ? events : undefined;
    };
    const events = await lookUntil(eventsChanged, look, {
      waitMs: numberOf(c.req.query('waitMs'), MAX_WAIT_MS),
      signal: c.req.raw.signal,
      nextMs: () => Number.POSITIVE_INFINITY,
    });
    return c.json({ events: events ?? [], head: store.committed(partition).head });
  });
  app.post('/commits', async (c) => {
    const isDone = store.commit(await take(c.req.raw, commitMessage));
    resultsChanged.wake();
    return isDone ? c.json({}) : c.json({ error: 'Another processor has gone on from there.' }, HTTP_CONFLICT);
  });
  app.post('/results', async (c) => {
    store.addResults((await take(c.req.raw, resultsMessage)).results);
    resultsChanged.wake();
    return c.json({}, 201);
  });
  app.get('/results/:id', async (c) => {
    const eventId = c.req.param('id');
    const result = await lookUntil(resultsChanged, () => store.resultOf(eventId), {
      waitMs: numberOf(c.req.query('waitMs'), MAX_WAIT_MS),
      signal: c.req.raw.signal,
      nextMs: () => Number.POSITIVE_INFINITY,
    });
    return c.json({ result: result ?? null });
  });
  app.get('/windows', (c) => c.json({ windows: store.windows() }));
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path}.` }, 404));
  app.onError((error, c) => c.json({ error: messageOf(error) }, error instanceof Refusal ? error.status : 500));

  return {
    fetch: async (request) => app.fetch(request),
    stop() {
      eventsChanged.stop();
      resultsChanged.stop();
    },
  };
};
