import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { Cancelled, LinkError } from '../../../harness/serving/errors.ts';
import { createHealthChecks } from '../../../harness/serving/health-checks.ts';

const policy = { intervalMs: 1000, jitter: 0, timeoutMs: 500, unhealthyThreshold: 2, healthyThreshold: 3 };
const down = async () => {
  throw new LinkError('connection', 'down');
};
const up = async () => undefined;
const hangs = () => new Promise<never>(() => undefined);

let stopping: AbortController;
let events: string[];

const watch = (
  checks: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>>,
  verdict: boolean | null = false,
  jitter = 0,
) => {
  const health = createHealthChecks(
    { ...policy, jitter },
    Object.keys(checks).map((id) => ({ id, check: (signal) => checks[id]!(signal) })),
    () => verdict,
    createAnnounce((text) => events.push(text)),
    stopping.signal,
  );
  health.start();
  return health;
};

beforeEach(() => {
  vi.useFakeTimers();
  stopping = new AbortController();
  events = [];
});
afterEach(async () => {
  stopping.abort(new Cancelled('stopped'));
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('health checks', () => {
  it('take a link out after failures in a row, and back in after successes in a row', async () => {
    const checks = { a: down as () => Promise<unknown> };
    const health = watch(checks);
    await vi.advanceTimersByTimeAsync(0);
    expect(health.isHealthy('a')).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(health.isHealthy('a')).toBe(false);
    checks.a = up;
    await vi.advanceTimersByTimeAsync(2000);
    expect(health.isHealthy('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(health.isHealthy('a')).toBe(true);
    expect(events).toEqual(['link a unhealthy: down', 'link a healthy']);
  });

  it('are not moved by a success between failures', async () => {
    let n = 0;
    const health = watch({
      a: async () => {
        n += 1;
        if (n % 2 === 1) await down();
      },
    });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(health.isHealthy('a')).toBe(true);
    expect(events).toEqual([]);
  });

  it('take no answer in time for a failure, and hold up no other link', async () => {
    const checkB = vi.fn(up);
    const health = watch({ a: hangs, b: checkB });
    await vi.advanceTimersByTimeAsync(1500);
    expect(health.isHealthy('a')).toBe(false);
    expect(health.isHealthy('b')).toBe(true);
    expect(checkB).toHaveBeenCalledTimes(2);
  });

  it('keep the interval, whatever a check takes', async () => {
    const check = vi.fn(() => new Promise((resolve) => setTimeout(resolve, 300)));
    watch({ a: check });
    await vi.advanceTimersByTimeAsync(9999);
    expect(check).toHaveBeenCalledTimes(10);
  });

  it('learn nothing from an error that says nothing', async () => {
    const health = watch({ a: down }, null);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(health.isHealthy('a')).toBe(true);
  });

  it('take an answer that is a failure, but shows life, for life', async () => {
    const health = watch({ a: down }, true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(health.isHealthy('a')).toBe(true);
  });

  it('hold every link for healthy when the design has them off', () => {
    const check = vi.fn(down);
    const health = createHealthChecks(false, [{ id: 'a', check }], () => false, createAnnounce(undefined), stopping.signal);
    health.start();
    expect(health.isHealthy('a')).toBe(true);
    expect(check).not.toHaveBeenCalled();
  });

  it('come at the interval, or as far off it as may be, so that those of many links part', async () => {
    const timesOf = async (jitter: number) => {
      const times: number[] = [];
      const startedAtMs = performance.now();
      watch({ a: async () => void times.push(performance.now() - startedAtMs) }, false, jitter);
      await vi.advanceTimersByTimeAsync(20_000);
      return times.slice(1).map((ms, at) => ms - times[at]!);
    };
    expect(new Set(await timesOf(0))).toEqual(new Set([1000]));
    const gaps = await timesOf(0.2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(799);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1200);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(100);
  });
});
