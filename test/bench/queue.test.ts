import { describe, expect, it } from 'vitest';
import { differences, figuresOf, TOLERANCE } from '../../bench/queue/compare.ts';
import { QUEUE, type QueueParameters } from '../../bench/queue/parameters.ts';
import { runSlots } from '../../bench/queue/slots.ts';

const figures = { utilisation: 0.9, meanWaitMs: 20, throttledShare: 0.1 };

describe('two models of a queue', () => {
  it('are the same within the tolerance', () => {
    expect(differences(figures, { ...figures, meanWaitMs: 20 * (1 + TOLERANCE.meanWait * 0.9) })).toEqual([]);
  });

  it.each([
    ['utilisation', { utilisation: 0.9 + TOLERANCE.utilisation * 1.1 }],
    ['share throttled', { throttledShare: 0.1 - TOLERANCE.throttledShare * 1.1 }],
    ['mean wait', { meanWaitMs: 20 / (1 + TOLERANCE.meanWait * 1.1) }],
  ])('are not the same when %s is out of it', (name, change) => {
    expect(differences({ ...figures, ...change }, figures)).toEqual([expect.stringContaining(name)]);
  });
});

/** A queue whose theory is known: constant service, one slot. */
const queue = (changes: Partial<QueueParameters>): QueueParameters => ({
  ...QUEUE,
  durationMs: 200_000,
  serviceTimeSigma: 0,
  serviceTimeMs: 10,
  concurrency: 1,
  queueLimit: 10_000,
  ...changes,
});

describe("the queue on the emulators' slots", () => {
  it('waits as the Pollaczek-Khinchine formula says, M/D/1 at half its capacity', async () => {
    const { utilisation, meanWaitMs, throttledShare } = figuresOf([await runSlots(queue({ ratePerS: 50 }), 1)]);
    expect(utilisation).toBeCloseTo(0.5, 1);
    // Mean wait of M/D/1: rho / (2 (1 - rho)) service times.
    expect(Math.abs(meanWaitMs - 5)).toBeLessThan(0.5);
    expect(throttledShare).toBe(0);
  });

  it("loses as Erlang's formula says, without a place to wait", async () => {
    const { meanWaitMs, throttledShare } = figuresOf([
      await runSlots(queue({ ratePerS: 200, concurrency: 2, queueLimit: 0 }), 1),
    ]);
    // Erlang B of 2 erlangs on 2 slots: 2 / (1 + 2 + 2).
    expect(Math.abs(throttledShare - 0.4)).toBeLessThan(0.01);
    expect(meanWaitMs).toBe(0);
  });

  it('is the same for the same seed, and leaves Math.random as it was', async () => {
    const native = Math.random;
    const runs = [await runSlots(QUEUE, 7), await runSlots(QUEUE, 7)].map(({ tookMs: _, ...figures }) => figures);
    expect(runs[0]).toEqual(runs[1]);
    expect(Math.random).toBe(native);
  });
});
