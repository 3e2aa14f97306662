import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep, untilAborted } from '../../../harness/serving/abort.ts';
import { coalesce } from '../../../harness/serving/coalescing.ts';
import { Cancelled, LinkError } from '../../../harness/serving/errors.ts';
import type { LinkTime, ServeLinks } from '../../../harness/serving/serve-links.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const timeOf = (signal: AbortSignal = new AbortController().signal): LinkTime => ({ signal, remainingMs: () => 1000 });

/** Links that answer after 100 ms, or fail; counts what they are asked. */
const links = (fail?: () => Error) => {
  const seen = { calls: 0 };
  const serve: ServeLinks = async (_rows, { signal }) => {
    seen.calls += 1;
    const linkId = `call ${seen.calls}`;
    await untilAborted(sleep(100, signal), signal);
    if (fail) throw fail();
    return { predictions: [], linkId };
  };
  return { serve, seen };
};

const idOf = (work: ReturnType<ServeLinks>) =>
  work.then(
    ({ linkId }) => linkId,
    (error: Error) => error.message,
  );

describe('coalescing', () => {
  it('makes one call of the same input at the same time, and another of a different one, or later', async () => {
    const { serve, seen } = links();
    const shared = coalesce({ maxShared: 100 }, serve);
    const first = Promise.all([
      idOf(shared([[1, 2]], timeOf(), false)),
      idOf(shared([[1, 2]], timeOf(), false)),
      idOf(shared([[1, 3]], timeOf(), false)),
      idOf(shared([[1, 2]], timeOf(), true)),
    ]);
    await vi.runAllTimersAsync();
    expect(await first).toEqual(['call 1', 'call 1', 'call 2', 'call 3']);
    const later = idOf(shared([[1, 2]], timeOf(), false));
    await vi.runAllTimersAsync();
    expect(await later).toBe('call 4');
    expect(seen.calls).toBe(4);
  });

  it('shares a failure', async () => {
    const { serve, seen } = links(() => new LinkError('unavailable', 'down'));
    const shared = coalesce({ maxShared: 100 }, serve);
    const both = Promise.all([idOf(shared([[1]], timeOf(), false)), idOf(shared([[1]], timeOf(), false))]);
    await vi.runAllTimersAsync();
    expect(await both).toEqual(['down', 'down']);
    expect(seen.calls).toBe(1);
  });

  it('does not let one request end another: the next makes a call of its own, which the others share', async () => {
    const { serve, seen } = links();
    const shared = coalesce({ maxShared: 100 }, serve);
    const first = new AbortController();
    const second = new AbortController();
    const all = [
      idOf(shared([[1]], timeOf(first.signal), false)),
      idOf(shared([[1]], timeOf(second.signal), false)),
      idOf(shared([[1]], timeOf(), false)),
      idOf(shared([[1]], timeOf(), false)),
    ];
    await vi.advanceTimersByTimeAsync(10);
    second.abort(new Cancelled('caller-gone'));
    await vi.advanceTimersByTimeAsync(40);
    first.abort(new Cancelled('deadline'));
    await vi.runAllTimersAsync();
    expect(await Promise.all(all)).toEqual(['The deadline of the request is over.', 'The caller has gone.', 'call 2', 'call 2']);
    expect(seen.calls).toBe(2);
  });

  it('begins another call when as many share one as may, and shares none without the policy', async () => {
    const two = links();
    const shared = coalesce({ maxShared: 2 }, two.serve);
    const three = Promise.all([1, 2, 3].map(() => idOf(shared([[1]], timeOf(), false))));
    await vi.runAllTimersAsync();
    expect(await three).toEqual(['call 1', 'call 1', 'call 2']);
    const { serve } = links();
    expect(coalesce(false, serve)).toBe(serve);
  });
});
