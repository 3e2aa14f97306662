import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { QueueFull } from '../../../mocks/inference/capacity.ts';
import type { ServerlessConfig } from '../../../mocks/inference/deployment.ts';
import { createServerless } from '../../../mocks/inference/serverless.ts';

const COLD_START_MS = 2000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const given = (config: Partial<ServerlessConfig> = {}) => {
  const news: string[] = [];
  const endpoint = createServerless({
    config: { type: 'serverless', maxConcurrency: 3, provisionedConcurrency: 0, keepAliveMs: 5000, ...config },
    coldStartMs: COLD_START_MS,
    announce: (text) => void news.push(text),
  });
  let running = 0;
  let mostRunning = 0;
  /** Milliseconds from now at which it is answered. */
  const serve = (ms = 100): Promise<number | 'throttled'> => {
    const sentAtMs = performance.now();
    return endpoint
      .run(async () => {
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        await new Promise((resolve) => setTimeout(resolve, ms));
        running -= 1;
        return performance.now() - sentAtMs;
      })
      .catch((error: unknown) => {
        if (error instanceof QueueFull) return 'throttled' as const;
        throw error;
      });
  };
  const answered = async (...calls: readonly Promise<number | 'throttled'>[]) => {
    await vi.advanceTimersByTimeAsync(COLD_START_MS + 200);
    return Promise.all(calls);
  };
  return { endpoint, serve, answered, news, mostRunning: () => mostRunning };
};

describe('a serverless endpoint', () => {
  test('starts cold, is warm for the next request, and cold again when it has been idle', async () => {
    const { serve, answered, endpoint, news } = given();
    expect(await answered(serve())).toEqual([COLD_START_MS + 100]);
    expect(await answered(serve())).toEqual([100]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(endpoint.environments).toBe(0);
    expect(await answered(serve())).toEqual([COLD_START_MS + 100]);
    expect(news).toEqual(['cold start of 2 s', 'scaled to zero', 'cold start of 2 s']);
  });

  test('starts one for each request more at a time, up to its limit, and throttles above it at once', async () => {
    const { serve, answered } = given();
    await answered(serve());
    const calls = [serve(), serve(), serve(), serve()];
    await vi.advanceTimersByTimeAsync(0);
    expect(await calls[3]).toBe('throttled');
    expect(await answered(...calls)).toEqual([100, COLD_START_MS + 100, COLD_START_MS + 100, 'throttled']);
  });

  test('keeps provisioned environments warm for good, and starts others beyond them', async () => {
    const { serve, answered, endpoint } = given({ provisionedConcurrency: 2 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answered(serve(), serve(), serve())).toEqual([100, 100, COLD_START_MS + 100]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(endpoint.environments).toBe(2);
  });

  test('uses the environment that was used last, so that the others may go', async () => {
    const { serve, answered, endpoint } = given();
    await answered(serve(), serve(), serve());
    for (let second = 0; second < 8; second += 1) {
      void serve();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(endpoint.environments).toBe(1);
  });

  test('tells of a burst of cold starts in two lines', async () => {
    const { serve, news } = given();
    void serve();
    void serve();
    void serve();
    await vi.advanceTimersByTimeAsync(1000);
    expect(news).toEqual(['cold start of 2 s', '2 more cold starts']);
  });

  test('never runs more at a time than its limit, nor has more environments, and goes back to what is provisioned', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.nat(5),
        fc.array(fc.record({ ms: fc.integer({ min: 1, max: 4000 }), afterMs: fc.nat(3000) }), { maxLength: 30 }),
        async (maxConcurrency, provisioned, requests) => {
          const provisionedConcurrency = Math.min(provisioned, maxConcurrency);
          const { endpoint, serve, mostRunning } = given({ maxConcurrency, provisionedConcurrency });
          const calls: Promise<unknown>[] = [];
          for (const { ms, afterMs } of requests) {
            calls.push(serve(ms));
            expect(endpoint.environments).toBeLessThanOrEqual(maxConcurrency);
            await vi.advanceTimersByTimeAsync(afterMs);
          }
          await vi.runAllTimersAsync();
          await Promise.all(calls);
          expect(mostRunning()).toBeLessThanOrEqual(maxConcurrency);
          expect(endpoint.environments).toBe(provisionedConcurrency);
        },
      ),
      { numRuns: 100 },
    );
  });
});
