import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAttempts } from '../../../harness/load/attempts.ts';
import { loadDoors } from '../../../harness/load/doors/index.ts';
import type { Lane, LaneEnd } from '../../../harness/load/lane.ts';
import type { Loop } from '../../../harness/load/loop.ts';
import { openLoop } from '../../../harness/load/open-loop.ts';
import type { RequestRecord } from '../../../harness/load/sample.ts';

const ANSWER: LaneEnd = { type: 'answer', status: 200, headers: {}, body: '{}' };

/** One lane that answers when the test says so, before a loop in virtual time. */
const start = (arrivals: readonly number[], { timeoutMs, lanes = 1 }: { readonly timeoutMs: number; readonly lanes?: 0 | 1 }) => {
  const sent: string[] = [];
  const records: RequestRecord[] = [];
  const exhausted = vi.fn();
  let pending: ((end: LaneEnd) => void) | undefined;
  const lane: Lane = {
    send({ id }, onEnd) {
      sent.push(id);
      pending = onEnd;
    },
    abort() {
      pending = undefined;
      loop.onIdle(lane, 'abort');
    },
  };
  const nowMs = () => performance.now() - startedMs;
  const startedMs = performance.now();
  const attempts = createAttempts({
    nowMs,
    timeoutMs,
    door: loadDoors.rest,
    model: 'digits',
    samples: [{ pixels: [], label: 4 }],
    random: () => 0,
    onRecord: (record) => records.push(record),
    onSettled: (attempt) => loop.onSettled(attempt),
  });
  const loop: Loop = openLoop(arrivals[Symbol.iterator](), { nowMs, begin: attempts.begin, onExhausted: exhausted });
  loop.start([lane].slice(0, lanes));
  return {
    sent,
    records,
    exhausted,
    offerLane: () => loop.onIdle(lane, 'answer'),
    answer() {
      pending!(ANSWER);
      loop.onIdle(lane, 'answer');
    },
  };
};

describe('an open loop that is short of connections', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('lets arrivals wait in order, and counts their latency from when they were due', async () => {
    const load = start([0, 10, 20], { timeoutMs: 1000 });
    await vi.advanceTimersByTimeAsync(100);
    expect(load.sent).toEqual(['squall-0']);
    load.answer();
    await vi.advanceTimersByTimeAsync(100);
    load.answer();
    load.answer();
    expect(load.sent).toEqual(['squall-0', 'squall-1', 'squall-2']);
    expect(load.records.map(({ dueMs, sentMs, endMs }) => [dueMs, sentMs, endMs])).toEqual([
      [0, 0, 100],
      [10, 100, 200],
      [20, 200, 200],
    ]);
  });

  it('gives up an arrival that waits too long, and hands its place to the next', async () => {
    const load = start([0, 10, 400], { timeoutMs: 500 });
    await vi.advanceTimersByTimeAsync(495);
    load.answer();
    await vi.advanceTimersByTimeAsync(200);
    // The second was sent 485 ms late, and given up; the third took its lane.
    expect(load.sent).toEqual(['squall-0', 'squall-1', 'squall-2']);
    expect(load.records.map(({ outcome }) => outcome)).toEqual(['ok', 'timeout']);
  });

  it('records an arrival that is never sent as a time-out, and does not send it later', async () => {
    const load = start([0, 10], { timeoutMs: 500, lanes: 0 });
    await vi.advanceTimersByTimeAsync(600);
    expect(load.records).toMatchObject([
      { dueMs: 0, sentMs: 501, endMs: 501, outcome: 'timeout' },
      { dueMs: 10, sentMs: 511, endMs: 511, outcome: 'timeout' },
    ]);
    load.offerLane();
    expect(load.sent).toEqual([]);
  });

  it('says when its arrivals are over', async () => {
    const load = start([0, 50], { timeoutMs: 500 });
    await vi.advanceTimersByTimeAsync(49);
    expect(load.exhausted).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(load.exhausted).toHaveBeenCalledOnce();
  });
});
