import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WindowCount } from '../../../../harness/serving/stream/event.ts';
import { countInto, NO_WINDOWS, readState, type WindowState, writeState } from '../../../../harness/serving/stream/windows.ts';

const RULES = { windowMs: 1000, latenessMs: 500 };

const events = fc.array(
  fc.record({ eventTimeMs: fc.integer({ min: 1_000_000, max: 1_020_000 }), label: fc.option(fc.integer({ min: 0, max: 9 })) }),
  { maxLength: 200 },
);

/** Counts in batches of any size, with the state written and read between them, as after a crash. */
const countAll = (all: Parameters<typeof countInto>[1], batch: number) => {
  const complete: WindowCount[] = [];
  let state: WindowState = NO_WINDOWS;
  for (let at = 0; at < all.length; at += batch) {
    const counted = countInto(state, all.slice(at, at + batch), RULES);
    complete.push(...counted.complete);
    state = readState(writeState(counted.state));
  }
  return { complete, state };
};

describe('windows of a stream', () => {
  it('hold each event once, or count it as late, whatever the order and the batches', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 50 }), (all, batch) => {
        const { complete, state } = countAll(all, batch);
        const counted = [...complete, ...state.open].reduce((sum, { count }) => sum + count, 0);
        expect(counted + state.late).toBe(all.length);
        const labelled = [...complete, ...state.open].flatMap(({ labels }) => labels).reduce((sum, number) => sum + number, 0);
        expect(labelled).toBeLessThanOrEqual(counted);
      }),
    );
  });

  it('are given out once each, and only when the watermark has passed their end', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 50 }), (all, batch) => {
        const { complete, state } = countAll(all, batch);
        const starts = complete.map(({ startMs }) => startMs);
        expect(new Set(starts).size).toBe(starts.length);
        for (const startMs of starts) expect(startMs + RULES.windowMs).toBeLessThanOrEqual(state.watermarkMs);
        for (const { startMs } of state.open) expect(startMs + RULES.windowMs).toBeGreaterThan(state.watermarkMs);
      }),
    );
  });

  it('know what is late only where an event comes behind the watermark by more than its window', () => {
    const inOrder = Array.from({ length: 50 }, (_, at) => ({ eventTimeMs: 1_000_000 + at * 100, label: 1 }));
    expect(countAll(inOrder, 7).state.late).toBe(0);
    const { state } = countInto(NO_WINDOWS, [...inOrder, { eventTimeMs: 1_000_000, label: 1 }], RULES);
    expect(state.late).toBe(1);
  });
});
