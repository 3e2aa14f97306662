import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveNowMs, runTimeline } from '../../../../harness/world/live/timeline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

describe('the timeline', () => {
  it('does each action at its moment, whatever the one before took', async () => {
    const start = liveNowMs() + 1000;
    const done: [string, number][] = [];
    const note = (name: string, atMs: number) => ({
      atMs,
      async act() {
        done.push([name, Math.round(liveNowMs() - start)]);
        await new Promise((resolve) => setTimeout(resolve, 5_000));
      },
    });
    const over = runTimeline([note('late', 300), note('start', 0), note('second at 300', 300)], start, never);
    await vi.advanceTimersByTimeAsync(10_000);
    await over;
    expect(done).toEqual([
      ['start', 0],
      ['late', 300],
      ['second at 300', 300],
    ]);
  });

  it('keeps the order of moments for any actions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5_000), { maxLength: 20 }), async (times) => {
        const start = liveNowMs();
        const seen: { readonly atMs: number; readonly nowMs: number }[] = [];
        const actions = times.map((atMs) => ({ atMs, act: async () => void seen.push({ atMs, nowMs: liveNowMs() - start }) }));
        const over = runTimeline(actions, start, never);
        await vi.advanceTimersByTimeAsync(6_000);
        await over;
        expect(seen.map(({ atMs }) => atMs)).toEqual(times.toSorted((a, b) => a - b));
        for (const { atMs, nowMs } of seen) expect(Math.abs(nowMs - atMs)).toBeLessThanOrEqual(1.5);
      }),
      { numRuns: 30 },
    );
  });

  it('stops where it is when the run ends early', async () => {
    const controller = new AbortController();
    const done: number[] = [];
    const actions = [100, 200, 300].map((atMs) => ({ atMs, act: async () => void done.push(atMs) }));
    const over = runTimeline(actions, liveNowMs(), controller.signal);
    await vi.advanceTimersByTimeAsync(250);
    controller.abort();
    await over;
    expect(done).toEqual([100, 200]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails at once when an action fails', async () => {
    const actions = [
      { atMs: 100, act: () => Promise.reject(new Error('the emulator refused')) },
      { atMs: 60_000, act: async () => undefined },
    ];
    const over = expect(runTimeline(actions, liveNowMs(), never)).rejects.toThrow('the emulator refused');
    await vi.advanceTimersByTimeAsync(200);
    await over;
  });
});
