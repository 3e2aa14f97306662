import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openScope, sleep, untilAborted } from '../../../harness/serving/abort.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a scope', () => {
  it('ends with its parent, for its reason', () => {
    const parent = new AbortController();
    const scope = openScope(parent.signal, { ms: 100, reason: () => 'late' });
    parent.abort('parent ended');
    expect(scope.signal.reason).toBe('parent ended');
  });

  it('ends once, for the first reason', () => {
    const parent = new AbortController();
    const scope = openScope(parent.signal, { ms: 100, reason: () => 'late' });
    scope.abort('enough');
    parent.abort('parent ended');
    vi.advanceTimersByTime(100);
    expect(scope.signal.reason).toBe('enough');
  });

  it('has ended from the start when its parent has', () => {
    expect(openScope(AbortSignal.abort('over'), { ms: 100, reason: () => 'late' }).signal.reason).toBe('over');
  });

  it('ends when its limit is over', () => {
    const scope = openScope(new AbortController().signal, { ms: 100, reason: () => 'late' });
    vi.advanceTimersByTime(100);
    expect(scope.signal.reason).toBe('late');
  });

  it('lets go of timer and parent when it is closed', () => {
    const parent = new AbortController();
    const removed = vi.spyOn(parent.signal, 'removeEventListener');
    const scope = openScope(parent.signal, { ms: 100, reason: () => 'late' });
    scope.close();
    parent.abort('over');
    vi.advanceTimersByTime(100);
    expect(scope.signal.aborted).toBe(false);
    expect(removed).toHaveBeenCalledTimes(1);
  });
});

describe('waiting', () => {
  it('ends with the signal, and the work that is left behind can fail unheard', async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const work = untilAborted(
      new Promise((_, reject) => {
        fail = reject;
      }),
      controller.signal,
    );
    controller.abort('over');
    await expect(work).rejects.toBe('over');
    fail(new Error('nobody listens'));
    await vi.advanceTimersByTimeAsync(0);
    await expect(untilAborted(Promise.reject(new Error('nor here')), controller.signal)).rejects.toBe('over');
  });

  it('sleeps, and wakes early without a timer left', async () => {
    const controller = new AbortController();
    const slept = sleep(100, controller.signal);
    await vi.advanceTimersByTimeAsync(100);
    await slept;
    const woken = sleep(100, controller.signal);
    controller.abort('over');
    await expect(woken).rejects.toBe('over');
  });
});
