import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, lengthMsOf, phasesOf, wholeTimeline } from '../../../harness/verdict/phases.ts';

const fault = (name: string, atMs: number, forMs: number) => ({ name, atMs, forMs });
const names = (faults: Parameters<typeof phasesOf>[0], durationMs: number) =>
  phasesOf(faults, durationMs).map(({ name }) => name);

describe('phasesOf', () => {
  it('given one fault in the middle, then baseline, fault and recovery follow each other', () => {
    expect(phasesOf([fault('outage', 10_000, 5000)], 30_000)).toEqual([
      { name: 'baseline', kind: 'baseline', windows: [{ startMs: 0, endMs: 10_000 }] },
      { name: 'outage', kind: 'fault', windows: [{ startMs: 10_000, endMs: 15_000 }] },
      { name: 'recovery', kind: 'recovery', windows: [{ startMs: 15_000, endMs: 30_000 }] },
    ]);
  });

  it('given no fault, then all is baseline', () => {
    expect(phasesOf([], 30_000)).toEqual([{ name: 'baseline', kind: 'baseline', windows: [{ startMs: 0, endMs: 30_000 }] }]);
  });

  it('given a gap between two faults, then the gap belongs to recovery', () => {
    const recovery = phasesOf([fault('b', 20_000, 5000), fault('a', 5000, 5000)], 30_000).at(-1);
    expect(recovery?.windows).toEqual([
      { startMs: 10_000, endMs: 20_000 },
      { startMs: 25_000, endMs: 30_000 },
    ]);
  });

  it('given a fault inside another, then recovery waits for the longer one', () => {
    const phases = phasesOf([fault('long', 5000, 20_000), fault('short', 8000, 2000)], 30_000);
    expect(phases.at(-1)).toEqual({ name: 'recovery', kind: 'recovery', windows: [{ startMs: 25_000, endMs: 30_000 }] });
  });

  it('given a fault that starts at once and lasts to the end, then there is neither baseline nor recovery', () => {
    expect(names([fault('outage', 0, 40_000)], 30_000)).toEqual(['outage']);
  });

  it('given a fault after the end, then it has no phase', () => {
    expect(names([fault('late', 30_000, 5000)], 30_000)).toEqual(['baseline']);
  });
});

describe('phasesOf, for any faults', () => {
  const durationMs = 1000;
  const faults = fc
    .array(fc.record({ atMs: fc.integer({ min: 0, max: 1200 }), forMs: fc.integer({ min: 1, max: 600 }) }), { maxLength: 6 })
    .map((spans) => spans.map((span, index) => ({ name: `fault-${index}`, ...span })));
  const moment = fc.integer({ min: -100, max: 1300 });

  it('covers the timeline, and nothing else', () => {
    fc.assert(
      fc.property(faults, moment, (given, atMs) => {
        const covered = phasesOf(given, durationMs).some(({ windows }) => isWithin(windows, atMs));
        expect(covered).toBe(atMs >= 0 && atMs < durationMs);
      }),
    );
  });

  it('puts a moment into the phases whose words fit it', () => {
    fc.assert(
      fc.property(faults, fc.integer({ min: 0, max: durationMs - 1 }), (given, atMs) => {
        const active = given.filter((each) => each.atMs <= atMs && atMs < each.atMs + each.forMs).map(({ name }) => name);
        const hasBegun = given.some((each) => each.atMs <= atMs);
        const expected = active.length > 0 ? active : [hasBegun ? 'recovery' : 'baseline'];
        const actual = phasesOf(given, durationMs)
          .filter(({ windows }) => isWithin(windows, atMs))
          .map(({ name }) => name);
        expect(actual.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it('has no empty window and no two that touch within a phase', () => {
    fc.assert(
      fc.property(faults, (given) => {
        for (const { windows } of [...phasesOf(given, durationMs), wholeTimeline(durationMs)]) {
          expect(lengthMsOf(windows)).toBeGreaterThan(0);
          windows.forEach((window, index) => {
            expect(window.startMs).toBeLessThan(window.endMs);
            if (index > 0) expect(windows[index - 1]!.endMs).toBeLessThan(window.startMs);
          });
        }
      }),
    );
  });
});
