import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadlineMsOf, startDeadline } from '../../../harness/serving/deadline.ts';
import { BadRequest, Cancelled } from '../../../harness/serving/errors.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the deadline of a request', () => {
  it.each([
    [1000, null, 1000],
    [1000, '200', 200],
    [1000, '5000', 1000],
    [false, null, Number.POSITIVE_INFINITY],
    [false, '200', Number.POSITIVE_INFINITY],
  ] as const)('of the design %s and the header %s is %s', (deadlineMs, header, expected) => {
    expect(deadlineMsOf({ deadlineMs }, header)).toBe(expected);
  });

  it.each(['0', '-5', '1.5', 'soon', '', '99999999999'])('is not read from "%s"', (header) => {
    expect(() => deadlineMsOf({ deadlineMs: 1000 }, header)).toThrow(BadRequest);
  });

  it('ends work on links earlier than the request, by what the ladder needs', () => {
    const deadline = startDeadline(1000, true, []);
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
    const short = startDeadline(100, true, []);
    expect(short.remainingForLinksMs()).toBe(75);
    short.close();
    const bare = startDeadline(1000, false, []);
    expect(bare.remainingForLinksMs()).toBe(1000);
    bare.close();
  });

  it('sets no timer when there is none', () => {
    const deadline = startDeadline(Number.POSITIVE_INFINITY, true, []);
    expect(vi.getTimerCount()).toBe(0);
    expect(deadline.remainingForLinksMs()).toBe(Number.POSITIVE_INFINITY);
    deadline.close();
  });

  it('ends both with the caller, for the reason of the caller', () => {
    const caller = new AbortController();
    const deadline = startDeadline(1000, true, [caller.signal]);
    caller.abort(new Cancelled('caller-gone'));
    expect([deadline.signal.reason, deadline.linkSignal.reason]).toEqual([
      new Cancelled('caller-gone'),
      new Cancelled('caller-gone'),
    ]);
  });
});
