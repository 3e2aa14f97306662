import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, findRestoration, type Objective } from '../../../harness/verdict/restoration.ts';

const objective: Objective = { success: 0.9, windowMs: 100 };
const every10Ms = (isGoodAt: (dueMs: number) => boolean, untilMs = 1000): readonly Attempt[] =>
  Array.from({ length: untilMs / 10 }, (_, index) => ({ dueMs: index * 10, isGood: isGoodAt(index * 10) }));

describe('findRestoration', () => {
  it('given nothing failed, then it takes no time', () => {
    expect(
      findRestoration(
        every10Ms(() => true),
        305,
        1000,
        objective,
      ),
    ).toBe(0);
  });

  it('given every request failed for a while, then it is the first success after that', () => {
    expect(
      findRestoration(
        every10Ms((dueMs) => dueMs < 200 || dueMs >= 370),
        200,
        1000,
        objective,
      ),
    ).toBe(170);
  });

  it('given a success that does not last for a full window, then it does not count', () => {
    const isGood = (dueMs: number) => (dueMs >= 300 && dueMs < 350) || dueMs >= 600;
    expect(findRestoration(every10Ms(isGood), 200, 1000, objective)).toBe(400);
  });

  it('given a share below the objective that is constant, then it is never', () => {
    expect(
      findRestoration(
        every10Ms((dueMs) => dueMs % 20 === 0),
        200,
        1000,
        objective,
      ),
    ).toBeNull();
  });

  it('given success returns too late for a full window, then it is never', () => {
    const isGood = (dueMs: number) => dueMs >= 910;
    expect(findRestoration(every10Ms(isGood), 200, 1000, objective)).toBeNull();
    expect(findRestoration(every10Ms(isGood), 200, 1010, objective)).toBe(710);
  });

  it('given no requests for a while, then silence restores nothing', () => {
    const attempts = every10Ms(() => true).filter(({ dueMs }) => dueMs >= 500);
    expect(findRestoration(attempts, 200, 1000, objective)).toBe(300);
    expect(findRestoration([], 200, 1000, objective)).toBeNull();
  });

  it('finds what trying every moment by hand finds', () => {
    /** Straight from the definition: no pointers, no early end. */
    const byHand = (attempts: readonly Attempt[], fromMs: number, untilMs: number, { success, windowMs }: Objective) => {
      const within = attempts.filter(({ dueMs }) => dueMs >= fromMs && dueMs < untilMs);
      const moments = [
        ...(within[0]?.isGood ? [fromMs] : []),
        ...within.filter(({ isGood }) => isGood).map(({ dueMs }) => dueMs),
      ];
      const holds = (momentMs: number) => {
        const inside = within.filter(({ dueMs }) => dueMs >= momentMs && dueMs < momentMs + windowMs);
        return (
          momentMs + windowMs <= untilMs &&
          inside.length > 0 &&
          inside.filter(({ isGood }) => isGood).length / inside.length >= success
        );
      };
      const found = moments.filter(holds);
      return found.length === 0 ? null : Math.min(...found) - fromMs;
    };
    const attempts = fc
      .array(fc.record({ dueMs: fc.integer({ min: 0, max: 500 }), isGood: fc.boolean() }), { maxLength: 60 })
      .map((drawn) => drawn.toSorted((a, b) => a.dueMs - b.dueMs));
    const objectives = fc.record({
      success: fc.constantFrom(0.5, 0.8, 0.9, 1),
      windowMs: fc.integer({ min: 1, max: 200 }),
    });
    fc.assert(
      fc.property(attempts, fc.nat(500), fc.nat(600), objectives, (drawn, fromMs, untilMs, asked) => {
        expect(findRestoration(drawn, fromMs, untilMs, asked)).toBe(byHand(drawn, fromMs, untilMs, asked));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no less time for a stricter objective', () => {
    const attempts = fc
      .array(fc.record({ dueMs: fc.integer({ min: 0, max: 500 }), isGood: fc.boolean() }), { maxLength: 60 })
      .map((drawn) => drawn.toSorted((a, b) => a.dueMs - b.dueMs));
    fc.assert(
      fc.property(attempts, fc.constantFrom(0.5, 0.7), (drawn, success) => {
        const lenient = findRestoration(drawn, 0, 500, { success, windowMs: 50 }) ?? Number.POSITIVE_INFINITY;
        const strict = findRestoration(drawn, 0, 500, { success: success + 0.2, windowMs: 50 }) ?? Number.POSITIVE_INFINITY;
        expect(strict).toBeGreaterThanOrEqual(lenient);
      }),
    );
  });
});
