import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServiceWait } from '../../../mocks/inference/service-wait.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Timers that fire so much later than they are set for. */
const lateBy = (lateMs: () => number) => {
  const onTime = globalThis.setTimeout;
  vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => onTime(callback, Math.trunc(ms) + lateMs()));
};

/** How long each wait took. */
const takenBy = async (waits: readonly number[]): Promise<readonly number[]> => {
  const service = createServiceWait();
  const taken: number[] = [];
  for (const ms of waits) {
    const startedAtMs = performance.now();
    const waiting = service.wait(ms);
    await vi.runAllTimersAsync();
    await waiting;
    taken.push(performance.now() - startedAtMs);
  }
  return taken;
};

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('waits for service times', () => {
  it('hold together what was drawn, though timers keep whole milliseconds and fire late', async () => {
    const ms = fc.double({ min: 8, max: 60, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(ms, { minLength: 1, maxLength: 50 }), fc.integer({ min: 0, max: 4 }), async (waits, lateMs) => {
        vi.useFakeTimers();
        lateBy(() => lateMs);
        expect(Math.abs(sum(await takenBy(waits)) - sum(waits))).toBeLessThanOrEqual(5);
        vi.unstubAllGlobals();
      }),
      { numRuns: 50 },
    );
  });

  it('do not make up for a stall: each takes at least five milliseconds less than it was drawn', async () => {
    let stalls = 1;
    lateBy(() => (stalls-- > 0 ? 300 : 0));
    expect(await takenBy([20, 20, 20])).toEqual([320, 15, 20]);
  });

  it('that are over before they begin take no time, and count', async () => {
    expect(await takenBy([-3, 20])).toEqual([0, 17]);
  });
});
