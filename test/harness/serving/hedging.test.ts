import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep } from '../../../harness/serving/abort.ts';
import { Cancelled, LinkError } from '../../../harness/serving/errors.ts';
import { type Attempt, createHedge } from '../../../harness/serving/hedging.ts';

const hedge = createHedge({ afterMs: 100 });
const open = new AbortController().signal;

/** Takes that long, then answers or fails; remembers why it was aborted. */
const attempt = (ms: number, outcome: string | Error) => {
  const seen: { abortedBy?: unknown; started: boolean } = { started: false };
  const run: Attempt<string> = async (signal) => {
    seen.started = true;
    signal.addEventListener('abort', () => {
      seen.abortedBy = (signal.reason as Cancelled).cancelledBy;
    });
    await sleep(ms, signal);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { run, seen };
};

const settle = async <Result>(work: Promise<Result>) => {
  const startedAtMs = performance.now();
  const outcome = work.then(
    (result) => ({ result, ms: performance.now() - startedAtMs }),
    (error: unknown) => ({ error, ms: performance.now() - startedAtMs }),
  );
  await vi.runAllTimersAsync();
  return outcome;
};

const down = new LinkError('unavailable', 'down');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('hedging', () => {
  it('does not begin when the first answers in time', async () => {
    const [first, second] = [attempt(99, 'first'), attempt(10, 'second')];
    expect(await settle(hedge(first.run, () => second.run, open))).toEqual({ result: 'first', ms: 99 });
    expect(second.seen.started).toBe(false);
  });

  it('lets the faster of the two win, and tells the loser why it was aborted', async () => {
    const [first, second] = [attempt(500, 'first'), attempt(10, 'second')];
    expect(await settle(hedge(first.run, () => second.run, open))).toEqual({ result: 'second', ms: 110 });
    expect(first.seen.abortedBy).toBe('overtaken');

    const [fast, slow] = [attempt(120, 'first'), attempt(500, 'second')];
    expect(await settle(hedge(fast.run, () => slow.run, open))).toEqual({ result: 'first', ms: 120 });
    expect(slow.seen.abortedBy).toBe('not-needed');
  });

  it('leaves a quick failure to retry', async () => {
    const [first, second] = [attempt(10, down), attempt(10, 'second')];
    expect(await settle(hedge(first.run, () => second.run, open))).toEqual({ error: down, ms: 10 });
    expect(second.seen.started).toBe(false);
  });

  it('waits for the other when one fails, and fails when both do', async () => {
    expect(await settle(hedge(attempt(120, down).run, () => attempt(50, 'second').run, open))).toEqual({
      result: 'second',
      ms: 150,
    });
    expect(await settle(hedge(attempt(200, 'first').run, () => attempt(10, down).run, open))).toEqual({
      result: 'first',
      ms: 200,
    });
    expect(await settle(hedge(attempt(200, down).run, () => attempt(10, down).run, open))).toEqual({ error: down, ms: 200 });
  });

  it('ends at once when the input is refused', async () => {
    const first = attempt(500, 'first');
    const rejected = new LinkError('rejected', 'bad');
    expect(await settle(hedge(first.run, () => attempt(10, rejected).run, open))).toEqual({ error: rejected, ms: 110 });
    expect(first.seen.abortedBy).toBe('not-needed');
  });

  it('goes on with one where there is nothing to hedge with', async () => {
    expect(await settle(hedge(attempt(300, 'first').run, () => null, open))).toEqual({ result: 'first', ms: 300 });
  });

  it('ends both when the request ends', async () => {
    const request = new AbortController();
    const [first, second] = [attempt(500, 'first'), attempt(500, 'second')];
    const outcome = hedge(first.run, () => second.run, request.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(200);
    request.abort(new Cancelled('caller-gone'));
    expect(await outcome).toEqual(new Cancelled('caller-gone'));
    expect([first.seen.abortedBy, second.seen.abortedBy]).toEqual(['caller-gone', 'caller-gone']);
  });

  it('never begins when the design has it off', async () => {
    const second = attempt(10, 'second');
    expect(await settle(createHedge(false)(attempt(900, 'first').run, () => second.run, open))).toEqual({
      result: 'first',
      ms: 900,
    });
    expect(second.seen.started).toBe(false);
  });
});
