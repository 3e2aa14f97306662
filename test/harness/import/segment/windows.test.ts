import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOf, segment, type Window, windowsAbove, without } from '../../../../harness/import/segment/windows.ts';

const rule = { floor: 0.01, share: 0 };

/** Quiet stretches and others in turn: lengths in moments, levels well apart, noise up to a tenth of the least level. */
const incident = fc.record({
  quiet: fc.array(fc.integer({ min: 12, max: 40 }), { minLength: 3, maxLength: 5 }),
  off: fc.array(fc.record({ length: fc.integer({ min: 3, max: 12 }), level: fc.double({ min: 0.2, max: 1, noNaN: true }) }), {
    minLength: 2,
    maxLength: 4,
  }),
  noise: fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
});

const QUIET = 0.01;

const piecewise = ({
  quiet,
  off,
  noise,
}: {
  quiet: number[];
  off: { length: number; level: number }[];
  noise: Iterator<number>;
}) => {
  const values: number[] = [];
  const windows: Window[] = [];
  const add = (length: number, level: number, spread: number) => {
    for (let one = 0; one < length; one += 1) values.push(Math.max(0, level + spread * (noise.next().value as number)));
  };
  quiet.forEach((length, index) => {
    add(length, QUIET, 0.005);
    const next = off[index];
    if (!next || index === quiet.length - 1) return;
    windows.push({ from: values.length, to: values.length + next.length });
    add(next.length, next.level, 0.02);
  });
  return { values, windows };
};

describe('the change rule', () => {
  it('finds just the stretches that were put in, whatever they are', () => {
    fc.assert(
      fc.property(incident, (parts) => {
        const { values, windows } = piecewise(parts);
        expect(segment(values, rule)!.windows).toEqual(windows);
      }),
    );
  });

  it('finds nothing in noise alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.02, noNaN: true }), { minLength: 20, maxLength: 200 }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (noise, level) => {
          expect(
            segment(
              noise.map((value) => value / 4 + level),
              { floor: 0.01, share: 0 },
            )!.windows,
          ).toEqual([]);
        },
      ),
    );
  });

  it('tells levels apart that follow each other, at the moment of the change', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 20 }),
        fc.integer({ min: 3, max: 20 }),
        fc.double({ min: 0.2, max: 0.4, noNaN: true }),
        fc.infiniteStream(fc.double({ min: -0.02, max: 0.02, noNaN: true })),
        (first, second, level, noise) => {
          const next = () => noise.next().value as number;
          const stretch = (length: number, of: number) => Array.from({ length }, () => of + next());
          const values = [...Array(30).fill(0), ...stretch(first, level), ...stretch(second, level * 2), ...Array(30).fill(0)];
          expect(segment(values, rule)!.windows).toEqual([
            { from: 30, to: 30 + first },
            { from: 30 + first, to: 30 + first + second },
          ]);
        },
      ),
    );
  });

  it('is not moved by an incident that lasts for most of the recording', () => {
    const values = [...Array(35).fill(0.001), ...Array(65).fill(0.5)];
    expect(baselineOf(values, rule)!.level).toBe(0.001);
    expect(segment(values, rule)!.windows).toEqual([{ from: 35, to: 100 }]);
  });

  it('is told where it is quiet when the incident lasts for all but the beginning', () => {
    const values = [...Array(5).fill(0.001), ...Array(95).fill(0.5)];
    expect(segment(values, rule)!.windows).toEqual([]);
    expect(segment(values, rule, { quietUntil: 5 })!.windows).toEqual([{ from: 5, to: 100 }]);
  });

  it('takes no stretch for quiet in which something else is wrong', () => {
    const values = [...Array(30).fill(50), ...Array(30).fill(5), ...Array(30).fill(50)];
    const disturbed = [{ from: 30, to: 60 }];
    expect(segment(values, { floor: 5, share: 0.25 })!.windows).not.toEqual([]);
    expect(segment(values, { floor: 5, share: 0.25 }, { disturbed })!.windows).toEqual([]);
  });

  it('counts a lone value only when it is far off', () => {
    const alone = (value: number) => [...Array(20).fill(0.001), value, ...Array(20).fill(0.001)];
    expect(segment(alone(0.015), rule)!.windows).toEqual([]);
    expect(segment(alone(0.9), rule)!.windows).toEqual([{ from: 20, to: 21 }]);
  });

  it('ends a window where all is well for one moment, and not where it is nearly off', () => {
    const with_ = (middle: number) => [...Array(20).fill(0), 0.5, 0.5, middle, 0.5, 0.5, ...Array(20).fill(0)];
    const baseline = { level: 0, limit: 0.1 };
    expect(windowsAbove(with_(0), baseline)).toHaveLength(2);
    expect(windowsAbove(with_(0.08), baseline)).toEqual([{ from: 20, to: 25 }]);
  });

  it('goes on where nothing is known', () => {
    const values = [...Array(20).fill(0), 0.5, null, null, 0.5, ...Array(20).fill(0), null];
    expect(segment(values, rule)!.windows).toEqual([{ from: 20, to: 24 }]);
    expect(segment([null, null], rule)).toBeUndefined();
  });
});

describe('windows without others', () => {
  it('have no moment of the others, and all else that is long enough', () => {
    const window = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }))
      .map(([from, length]) => ({ from, to: from + length }));
    const moments = (windows: readonly Window[]) =>
      new Set(windows.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, offset) => from + offset)));
    fc.assert(
      fc.property(window, fc.array(window, { maxLength: 4 }), (one, others) => {
        const left = moments(without([one], others, 1));
        expect(left).toEqual(new Set([...moments([one])].filter((moment) => !moments(others).has(moment))));
      }),
    );
  });
});
