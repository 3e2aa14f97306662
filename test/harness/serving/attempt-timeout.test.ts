import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAttemptTimeout } from '../../../harness/serving/attempt-timeout.ts';
import { Cancelled, LinkError } from '../../../harness/serving/errors.ts';

const never = () => new Promise<never>(() => undefined);
const answersIn = (ms: number) => () => new Promise<string>((resolve) => setTimeout(resolve, ms, 'answer'));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the attempt time-out', () => {
  it('gives an attempt up when its time is over, and aborts it', async () => {
    let given: AbortSignal | undefined;
    const outcome = createAttemptTimeout(300)((signal) => {
      given = signal;
      return never();
    }, new AbortController().signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(299);
    expect(given?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual(new LinkError('timeout', 'No answer in 300 ms.'));
    expect(given?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves an answer in time alone, and no timer', async () => {
    const outcome = createAttemptTimeout(300)(answersIn(200), new AbortController().signal);
    await vi.advanceTimersByTimeAsync(200);
    expect(await outcome).toBe('answer');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends with the reason of the request, not with a time-out', async () => {
    const request = new AbortController();
    const outcome = createAttemptTimeout(300)(never, request.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    request.abort(new Cancelled('overtaken'));
    expect(await outcome).toEqual(new Cancelled('overtaken'));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin what has ended already', async () => {
    const task = vi.fn(never);
    await expect(createAttemptTimeout(300)(task, AbortSignal.abort(new Cancelled('stopped')))).rejects.toEqual(
      new Cancelled('stopped'),
    );
    expect(task).not.toHaveBeenCalled();
  });

  it('passes an error on as it is', async () => {
    const error = new LinkError('overloaded', 'busy');
    await expect(createAttemptTimeout(300)(() => Promise.reject(error), new AbortController().signal)).rejects.toBe(error);
  });

  it('waits as long as it takes when the design has it off', async () => {
    const outcome = createAttemptTimeout(false)(answersIn(100_000), new AbortController().signal);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await outcome).toBe('answer');
  });
});
