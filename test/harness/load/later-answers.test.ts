import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAttempts } from '../../../harness/load/attempts.ts';
import type { LoadDoor } from '../../../harness/load/doors/door.ts';
import { events } from '../../../harness/load/doors/events.ts';
import { jobs } from '../../../harness/load/doors/jobs.ts';
import type { Lane, LaneEnd, LaneRequest } from '../../../harness/load/lane.ts';
import type { RequestRecord } from '../../../harness/load/sample.ts';

const MARKS = { 'X-Squall-Served-By': 'local/rules', 'X-Squall-Degraded': 'rules' };
const PREDICTION = JSON.stringify({ outputs: [{ name: 'label', data: [3] }] });

const answer = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): LaneEnd => ({
  type: 'answer',
  status,
  headers,
  body,
});

let records: RequestRecord[];
/** Requests as they came, each waiting for its end. */
let sent: { readonly request: LaneRequest; readonly end: (end: LaneEnd) => void }[];
let handedBack: number;

/** An arrival by a door, on a lane that a test answers for. */
const arrive = (door: LoadDoor) => {
  let current: ((end: LaneEnd) => void) | undefined;
  const lane: Lane = {
    send(request, onEnd) {
      if (current) throw new Error('the lane is busy');
      current = onEnd;
      sent.push({
        request,
        end(end) {
          current = undefined;
          onEnd(end);
          attempts.onIdle(lane, end.type);
        },
      });
    },
    abort() {
      current = undefined;
      attempts.onIdle(lane, 'abort');
    },
  };
  const attempts = createAttempts({
    nowMs: () => performance.now(),
    timeoutMs: 5000,
    door,
    model: 'digits',
    samples: [{ pixels: [0], label: 3 }],
    random: () => 0,
    onRecord: (record) => records.push(record),
    onSettled: () => undefined,
    onIdle: () => {
      handedBack += 1;
    },
  });
  attempts.begin(performance.now()).sendOn(lane);
};

const reply = async (end: LaneEnd, pauseMs = 0) => {
  sent.at(-1)!.end(end);
  await vi.advanceTimersByTimeAsync(pauseMs);
};

beforeEach(() => {
  vi.useFakeTimers();
  records = [];
  sent = [];
  handedBack = 0;
});
afterEach(() => {
  const timersLeft = vi.getTimerCount();
  vi.useRealTimers();
  expect(timersLeft).toBe(0);
});

it('a job is waited for on the lane that it was sent on, and recorded by its result', async () => {
  arrive(jobs);
  expect(sent[0]!.request.path).toBe('/v2/models/digits/jobs');
  await reply(answer(202, '{}'), 1);
  expect(sent[1]!.request).toMatchObject({ method: 'GET', path: '/v2/jobs/squall-0?waitMs=2000' });
  await reply(answer(202, '{}'), 1);
  expect(sent).toHaveLength(3);
  expect(handedBack).toBe(0);
  await reply(answer(200, PREDICTION, { 'X-Squall-Job': 'done', ...MARKS }));
  expect(records).toMatchObject([
    { outcome: 'ok', status: 200, servedBy: 'local/rules', degraded: 'rules', isCorrect: true, jobId: 'squall-0' },
  ]);
  expect(handedBack).toBe(1);
});

it('a job that was not accepted is none', async () => {
  arrive(jobs);
  await reply(answer(503, '{}'));
  expect(records).toMatchObject([{ outcome: 'http-error', status: 503 }]);
  expect(records[0]).not.toHaveProperty('jobId');
});

it('who has a job asks again when an answer is lost or bad', async () => {
  arrive(jobs);
  await reply(answer(202, '{}'), 1);
  await reply({ type: 'lost', reason: 'reset' }, 200);
  await reply(answer(503, '{}'), 200);
  expect(sent).toHaveLength(4);
  await reply(answer(503, '{}', { 'x-squall-job': 'done' }));
  expect(records).toMatchObject([{ outcome: 'http-error', status: 503, jobId: 'squall-0' }]);
});

it.each([1, 150])('a caller whose time is over during a pause lets go of the lane, %i ms into it', async (lateMs) => {
  arrive(jobs);
  await reply(answer(202, '{}'), 1);
  await vi.advanceTimersByTimeAsync(5000 - lateMs);
  await reply({ type: 'lost', reason: 'reset' }, 400);
  expect(records).toMatchObject([{ outcome: 'timeout', jobId: 'squall-0' }]);
  expect(handedBack).toBe(1);
});

it('a producer sends an event until the queue has it, and a consumer reads its result', async () => {
  arrive(events);
  const { request } = sent[0]!;
  expect(request.path).toBe('/jobs');
  expect(JSON.parse(request.body as string)).toMatchObject({ id: 'squall-0', attributes: {} });
  await reply({ type: 'lost', reason: 'refused' }, 200);
  expect(sent[1]!.request).toBe(request);
  await reply(answer(200, '{"sent":"known"}'), 1);
  expect(sent[2]!.request.path).toBe('/results/squall-0?waitMs=2000');
  await reply(answer(200, '{"state":{"type":"leased"}}'), 1);
  await reply(answer(200, JSON.stringify({ result: { status: 200, headers: { 'x-squall-served-by': 'x' }, body: PREDICTION } })));
  expect(records).toMatchObject([{ outcome: 'ok', servedBy: 'x', isCorrect: true, jobId: 'squall-0' }]);
});

it('an event that was given up is an error', async () => {
  arrive(events);
  await reply(answer(201, '{}'), 1);
  await reply(answer(200, '{"state":{"type":"dead","reason":"no"}}'));
  expect(records).toMatchObject([{ outcome: 'http-error', status: 410, jobId: 'squall-0' }]);
});
