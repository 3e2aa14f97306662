import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadlineMsOf, startDeadline } from '../../../harness/serving/deadline.ts';
import { Cancelled } from '../../../harness/serving/errors.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the deadline of a request', () => {
  it.each([
    [1000, Number.POSITIVE_INFINITY, 1000],
    [1000, 200, 200],
    [1000, 5000, 1000],
    [false, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [false, 200, Number.POSITIVE_INFINITY],
  ] as const)('of the design %s and the caller %s is %s', (deadlineMs, callerMs, expected) => {
    expect(deadlineMsOf({ deadlineMs }, callerMs)).toBe(expected);
  });

  it('ends work on links earlier than the request, by what the ladder needs', () => {
    const deadline = startDeadline(1000, true);
    expect(deadline.remainingForLinksMs()).toBe(900);
    vi.advanceTimersByTime(899);
    expect(deadline.linkSignal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(deadline.linkSignal.reason).toEqual(new Cancelled('deadline'));
    expect(deadline.signal.aborted).toBe(false);
    expect(deadline.remainingMs()).toBe(100);
    vi.advanceTimersByTime(100);
    expect(deadline.signal.reason).toEqual(new Cancelled('deadline'));
    deadline.close();
  });

  it('reserves a quarter of a short deadline, and nothing without a ladder', () => {
    const short = startDeadline(100, true);
    expect(short.remainingForLinksMs()).toBe(75);
    short.close();
    const bare = startDeadline(1000, false);
    expect(bare.remainingForLinksMs()).toBe(1000);
    bare.close();
  });

  it('sets no timer when there is none', () => {
    const deadline = startDeadline(Number.POSITIVE_INFINITY, true);
    expect(vi.getTimerCount()).toBe(0);
    expect(deadline.remainingForLinksMs()).toBe(Number.POSITIVE_INFINITY);
    deadline.close();
  });

  it('is ended before by who has a reason, for good', () => {
    const deadline = startDeadline(1000, true);
    const reason = new Cancelled('caller-gone');
    deadline.end(reason);
    deadline.end(new Cancelled('stopped'));
    expect([deadline.signal.reason, deadline.linkSignal.reason]).toEqual([reason, reason]);
  });

  it('limits work: by its time, and by what ends it', async () => {
    const never = new Promise<never>(() => undefined);
    const late = startDeadline(1000, true).limit(never);
    vi.advanceTimersByTime(1000);
    await expect(late).rejects.toEqual(new Cancelled('deadline'));

    const left = startDeadline(1000, true);
    const limited = left.limit(never);
    left.end(new Cancelled('caller-gone'));
    await expect(limited).rejects.toEqual(new Cancelled('caller-gone'));
    await expect(left.limit(Promise.reject(new Error('nobody listens')))).rejects.toEqual(new Cancelled('caller-gone'));

    const kept = startDeadline(1000, true);
    expect(await kept.limit(Promise.resolve('answer'))).toBe('answer');
    kept.close();
  });

  it('is over at its whole time, however short', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (limitMs) => {
        const deadline = startDeadline(limitMs, true);
        vi.advanceTimersByTime(limitMs - 1);
        const wasOver = deadline.signal.aborted;
        vi.advanceTimersByTime(1);
        expect([wasOver, deadline.signal.aborted]).toEqual([false, true]);
      }),
    );
  });
});
