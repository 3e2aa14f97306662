import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep } from '../../../harness/serving/abort.ts';
import { createConnections } from '../../../harness/serving/connections.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const open = new AbortController().signal;

describe('the connections of a gateway', () => {
  it('are no more in use than there are, and go to who has waited the longest', async () => {
    const connections = createConnections({ max: 2 });
    const ended: string[] = [];
    let [inUse, most] = [0, 0];
    const use = (name: string, ms: number) =>
      connections.run(async () => {
        inUse += 1;
        most = Math.max(most, inUse);
        await sleep(ms, open);
        inUse -= 1;
        ended.push(`${name} at ${performance.now() - startedAtMs}`);
      }, open);
    const startedAtMs = performance.now();
    const all = Promise.all([use('a', 100), use('b', 30), use('c', 10), use('d', 10)]);
    await vi.runAllTimersAsync();
    await all;
    expect(ended).toEqual(['b at 30', 'c at 40', 'd at 50', 'a at 100']);
    expect(most).toBe(2);
  });

  it('are given back by a task that fails, and not waited for by who is gone', async () => {
    const connections = createConnections({ max: 1 });
    const failing = connections.run(async () => {
      await sleep(50, open);
      throw new Error('broken off');
    }, open);
    failing.catch(() => undefined);
    const gone = new AbortController();
    const given = connections.run(async () => 'never', gone.signal);
    given.catch(() => undefined);
    const patient = connections.run(async () => 'served', open);
    await vi.advanceTimersByTimeAsync(10);
    gone.abort(new Error('gone'));
    await vi.runAllTimersAsync();
    await expect(failing).rejects.toThrow('broken off');
    await expect(given).rejects.toThrow('gone');
    await expect(patient).resolves.toBe('served');
    await expect(connections.run(async () => 'free', open)).resolves.toBe('free');
  });

  it('are as many as are asked for without the policy', async () => {
    const connections = createConnections(false);
    const all = Promise.all(Array.from({ length: 500 }, () => connections.run(() => sleep(10, open), open)));
    const startedAtMs = performance.now();
    await vi.runAllTimersAsync();
    await all;
    expect(performance.now() - startedAtMs).toBe(10);
  });
});
