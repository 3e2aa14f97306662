import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAlarms } from '../../../../harness/wire/tcp/alarms.ts';

/** Timers that keep the process up. */
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('alarms', () => {
  it('call in the order in which they are due, each once and none a millisecond early, but those that are cancelled', async () => {
    const plan = fc.array(fc.record({ delayMs: fc.double({ min: -1, max: 8, noNaN: true }), isCancelled: fc.boolean() }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const alarms = createAlarms();
        const called: number[] = [];
        const earlyMs: number[] = [];
        const startedAtMs = performance.now();
        for (const [index, { delayMs, isCancelled }] of planned.entries()) {
          const alarm = alarms.after(delayMs, () => {
            called.push(index);
            earlyMs.push(startedAtMs + delayMs - performance.now());
          });
          if (isCancelled) alarm.cancel();
        }
        await new Promise<void>((resolve) => void alarms.after(12, resolve));
        const wanted = [...planned.entries()].filter(([, { isCancelled }]) => !isCancelled).map(([index]) => index);
        expect(called.toSorted((a, b) => a - b)).toEqual(wanted);
        expect(Math.max(-1, ...earlyMs)).toBeLessThan(1);
        // What is due is counted from each call of `after`, a little later for each.
        for (const [at, index] of called.entries())
          if (at > 0) expect(planned[index]!.delayMs).toBeGreaterThan(planned[called[at - 1]!]!.delayMs - 5);
      }),
      { numRuns: 20 },
    );
  });

  it('leave no timer behind when the last of them is cancelled, and call again after that', async () => {
    const alarms = createAlarms();
    const before = timers();
    const waiting = [1, 2, 3].map((hours) => alarms.after(hours * 3_600_000, () => undefined));
    expect(timers()).toBe(before + 1);
    for (const alarm of waiting) alarm.cancel();
    expect(timers()).toBe(before);
    await new Promise<void>((resolve) => void alarms.after(1, resolve));
  });
});
