import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { Cancelled, LinkError, NoUsableLink } from '../../../harness/serving/errors.ts';
import { createRetry } from '../../../harness/serving/retry.ts';
import { createRetryBudget } from '../../../harness/serving/retry-budget.ts';

const policy = { maxRetries: 2, budgetRatio: 0, budgetMinPerS: 100, initialBackoffMs: 20, maxBackoffMs: 100 };
const announce = createAnnounce(undefined);
const open = new AbortController().signal;
const forever = () => Number.POSITIVE_INFINITY;

const retryWith = (changes: Partial<typeof policy> = {}) => {
  const changed = { ...policy, ...changes };
  return createRetry(changed, createRetryBudget(changed), announce);
};

/** Fails with each error in turn, then succeeds. */
const failing = (...errors: readonly unknown[]) =>
  vi.fn(async (index: number) => {
    if (index < errors.length) throw errors[index];
    return `answer ${index}`;
  });

const down = (n = 1) => new LinkError('unavailable', `down ${n}`);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** The outcome, with the clock run for it. */
const settle = async <Result>(work: Promise<Result>) => {
  const outcome = work.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  await vi.runAllTimersAsync();
  return outcome;
};

describe('retry', () => {
  it('tries again until it succeeds, after a pause', async () => {
    const attempt = failing(down(1), down(2));
    const startedAtMs = performance.now();
    expect(await settle(retryWith().run(attempt, forever, open))).toEqual({ result: 'answer 2' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(0);
    expect(performance.now() - startedAtMs).toBeLessThanOrEqual(200);
  });

  it('gives up after the last retry, with its error', async () => {
    const attempt = failing(down(1), down(2), down(3), down(4));
    expect(await settle(retryWith().run(attempt, forever, open))).toEqual({ error: down(3) });
    expect(attempt).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['an input that is rejected', new LinkError('rejected', 'bad')],
    ['a caller that has gone', new Cancelled('caller-gone')],
  ])('does not try again for %s', async (_what, error) => {
    const attempt = failing(error);
    expect(await settle(retryWith().run(attempt, forever, open))).toEqual({ error });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('does not try again when the budget is used up', async () => {
    const attempt = failing(down(1), down(2));
    expect(await settle(retryWith({ budgetMinPerS: 0.1 }).run(attempt, forever, open))).toEqual({ error: down(2) });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('does not try again when too little time is left', async () => {
    const attempt = failing(down(1));
    expect(await settle(retryWith().run(attempt, () => 5, open))).toEqual({ error: down(1) });
  });

  it('throws the error of an attempt that was made, when no link is left for the next', async () => {
    const attempt = failing(down(1), new NoUsableLink());
    expect(await settle(retryWith().run(attempt, forever, open))).toEqual({ error: down(1) });
    const none = failing(new NoUsableLink());
    expect(await settle(retryWith().run(none, forever, open))).toEqual({ error: new NoUsableLink() });
  });

  it('leaves its pause, and no timer, when the request ends', async () => {
    const request = new AbortController();
    const outcome = retryWith({ initialBackoffMs: 10_000, maxBackoffMs: 10_000 })
      .run(failing(down(1)), forever, request.signal)
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    request.abort(new Cancelled('caller-gone'));
    expect(await outcome).toEqual(new Cancelled('caller-gone'));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes one attempt when the design has it off', async () => {
    const attempt = failing(down(1));
    const retry = createRetry(false, createRetryBudget(false), announce);
    expect(await settle(retry.run(attempt, forever, open))).toEqual({ error: down(1) });
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});
