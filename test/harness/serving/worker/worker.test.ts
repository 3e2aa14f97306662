import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../../harness/serving/announce.ts';
import { createQueueClient } from '../../../../harness/serving/queue/client.ts';
import { createMemoryStore } from '../../../../harness/serving/queue/memory-store.ts';
import { createQueueService, type QueueService } from '../../../../harness/serving/queue/service.ts';
import type { QueueStore } from '../../../../harness/serving/queue/store.ts';
import type { AnswerJob, JobOutcome } from '../../../../harness/serving/worker/answer-job.ts';
import { createWorker, type Worker } from '../../../../harness/serving/worker/worker.ts';
import { openDesign } from '../../../support/open-design.ts';

const VISIBILITY_MS = 1000;

let store: QueueStore;
let service: QueueService;
let workers: Worker[];
/** What stands between workers and the queue: a test may lose calls or answers. */
let carry: (request: Request, forward: () => Promise<Response>) => Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers();
  store = createMemoryStore();
  service = createQueueService(store, { maxReceives: 3, maxDepth: 1000, retentionMs: 60_000 });
  service.start();
  workers = [];
  carry = (_request, forward) => forward();
});
afterEach(async () => {
  for (const worker of workers) worker.stop();
  service.stop();
  await vi.advanceTimersByTimeAsync(0);
  const timersLeft = vi.getTimerCount();
  vi.useRealTimers();
  expect(timersLeft).toBe(0);
});

const answered = (jobId: string, body = 'answer'): JobOutcome => ({
  type: 'answered',
  result: { jobId, status: 200, headers: {}, body },
});

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

const startWorker = (answer: AnswerJob, patch: Partial<typeof openDesign.worker> = {}): Worker => {
  const worker = createWorker({
    broker: createQueueClient({
      origin: 'http://queue.test',
      fetch: async (input, init) => {
        const request = new Request(input, init);
        return carry(request, () => service.fetch(request));
      },
      timeoutMs: 500,
    }),
    answer,
    worker: { ...openDesign.worker, ...patch },
    queue: { visibilityMs: VISIBILITY_MS },
    announce: createAnnounce(undefined),
  });
  workers.push(worker);
  worker.start();
  return worker;
};

const send = (...ids: readonly string[]) => {
  for (const id of ids) store.send({ id, body: '{}', attributes: {} }, Date.now());
  service.wake();
};

const results = (): readonly string[] => store.resultsAfter(0, 100).map(({ result }) => `${result.jobId}: ${result.body}`);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('answers each job, then takes it off the queue', async () => {
  startWorker(async ({ id }) => answered(id));
  send('a', 'b');
  await pass(50);
  expect(results()).toEqual(['a: answer', 'b: answer']);
  expect(store.stateOf('a', Date.now())).toEqual({ type: 'done' });
});

it('works on no more jobs at once than it may', async () => {
  const worker = startWorker(
    async ({ id }) => {
      await after(100);
      return answered(id);
    },
    { concurrency: 3 },
  );
  send(...Array.from({ length: 7 }, (_, index) => `job-${index}`));
  await pass(50);
  expect(worker.underWay).toBe(3);
  expect(store.figures(Date.now())).toMatchObject({ leased: 3, visible: 4 });
  await pass(300);
  expect(results()).toHaveLength(7);
});

it('keeps a job for as long as it works on it', async () => {
  const starts: string[] = [];
  const slow: AnswerJob = async ({ id }) => {
    starts.push(id);
    await after(VISIBILITY_MS * 4);
    return answered(id);
  };
  startWorker(slow);
  startWorker(slow);
  send('a');
  await pass(VISIBILITY_MS * 5);
  expect(starts).toEqual(['a']);
  expect(results()).toEqual(['a: answer']);
});

it('without extension lets others take the job up, and the first answer stands', async () => {
  let turn = 0;
  const slow: AnswerJob = async ({ id }) => {
    turn += 1;
    const mine = turn;
    await after(VISIBILITY_MS * 1.5);
    return answered(id, `answer ${mine}`);
  };
  startWorker(slow, { extendLeases: false });
  startWorker(slow, { extendLeases: false });
  send('a');
  await pass(VISIBILITY_MS * 6);
  expect(turn).toBeGreaterThan(1);
  expect(results()).toEqual(['a: answer 1']);
});

it('leaves a job to another worker when it dies', async () => {
  const dead = startWorker(() => new Promise(() => undefined));
  send('a');
  await pass(50);
  dead.stop();
  startWorker(async ({ id }) => answered(id));
  await pass(VISIBILITY_MS + 50);
  expect(results()).toEqual(['a: answer']);
});

it('that acknowledges early takes its jobs along when it dies', async () => {
  const dead = startWorker(() => new Promise(() => undefined), { ackEarly: true });
  send('a');
  await pass(50);
  dead.stop();
  startWorker(async ({ id }) => answered(id));
  await pass(VISIBILITY_MS * 3);
  expect(results()).toEqual([]);
  expect(store.stateOf('a', Date.now())).toEqual({ type: 'done' });
});

/** The first so many requests to a path are served, and their answers lost. */
const loseAnswersTo = (path: string, count: number) => {
  let left = count;
  carry = async (request, forward) => {
    const answer = await forward();
    if (new URL(request.url).pathname !== path || left === 0) return answer;
    left -= 1;
    throw new TypeError('fetch failed');
  };
};

it('answers a job once though it does not get to know that its result was stored', async () => {
  loseAnswersTo('/results', 2);
  startWorker(async ({ id }) => answered(id));
  send('a');
  await pass(1000);
  expect(results()).toEqual(['a: answer']);
  expect(store.stateOf('a', Date.now())).toEqual({ type: 'done' });
});

it('that does without idempotence answers it again then', async () => {
  loseAnswersTo('/results', 2);
  startWorker(async ({ id }) => answered(id), { idempotentResults: false });
  send('a');
  await pass(1000);
  expect(results()).toHaveLength(3);
});

it('gives a job up whose broker is silent for longer than its lease, and answers it when it is back', async () => {
  let isSilent = false;
  carry = (request, forward) =>
    isSilent
      ? new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
      : forward();
  let turns = 0;
  startWorker(async ({ id }) => {
    turns += 1;
    await after(200);
    return answered(id, `answer ${turns}`);
  });
  send('a');
  await pass(100);
  isSilent = true;
  await pass(VISIBILITY_MS * 3);
  expect(workers[0]!.underWay).toBe(0);
  expect(results()).toEqual([]);
  isSilent = false;
  await pass(VISIBILITY_MS * 4);
  expect(results()).toHaveLength(1);
});

it('puts a job back that failed, for longer each time, until it is a dead letter', async () => {
  const atMs: number[] = [];
  const startMs = Date.now();
  startWorker(
    async () => {
      atMs.push(Date.now() - startMs);
      return { type: 'failed', reason: 'nobody answers' };
    },
    { retryDelayMs: 100 },
  );
  send('a');
  await pass(2000);
  expect(atMs).toEqual([0, 100, 300]);
  expect(store.deadLetters(9)).toMatchObject([{ job: { id: 'a' }, receives: 3, reason: 'nobody answers' }]);
});

it('sets a job aside at once that no try can help', async () => {
  startWorker(async () => ({ type: 'poison', reason: 'cannot be read' }));
  send('a');
  await pass(50);
  expect(store.deadLetters(9)).toMatchObject([{ receives: 1, reason: 'cannot be read' }]);
});

it('when it drains takes no more, and finishes what it has', async () => {
  const worker = startWorker(
    async ({ id }) => {
      await after(200);
      return answered(id);
    },
    { concurrency: 1 },
  );
  send('a', 'b');
  await pass(50);
  let isDrained = false;
  void worker.drain().then(() => {
    isDrained = true;
  });
  await pass(100);
  expect(isDrained).toBe(false);
  await pass(200);
  expect(isDrained).toBe(true);
  expect(results()).toEqual(['a: answer']);
  expect(store.stateOf('b', Date.now())?.type).toBe('queued');
});
