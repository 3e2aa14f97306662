import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkError } from '../../../harness/serving/errors.ts';
import { createProviderClock } from '../../../harness/serving/provider-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const refusedAt = (offsetMs: number): LinkError => {
  const refusal = new LinkError('credential', 'refused');
  refusal.providerOffsetMs = offsetMs;
  return refusal;
};

describe("a provider's clock", () => {
  it('is set by the date of a refusal that is far off, and by that only', () => {
    fc.assert(
      fc.property(fc.integer({ min: -86_400_000, max: 86_400_000 }), (offsetMs) => {
        const clock = createProviderClock({});
        const isFar = Math.abs(offsetMs) >= 5000;
        expect(clock.learn(new LinkError('credential', 'for another reason', { cause: refusedAt(offsetMs) }))).toBe(isFar);
        expect(clock.nowMs()).toBe(Date.now() + (isFar ? offsetMs : 0));
        expect(clock.learn(refusedAt(offsetMs))).toBe(false);
      }),
    );
  });

  it('goes back to the own when that is right again', () => {
    const clock = createProviderClock({});
    clock.learn(refusedAt(600_000));
    expect(clock.learn(refusedAt(400))).toBe(true);
    expect(clock.offsetMs).toBe(0);
  });

  it('is not set by what has no date, nor without the policy', () => {
    const clock = createProviderClock({});
    expect(clock.learn(new LinkError('credential', 'refused'))).toBe(false);
    expect(clock.learn(new Error('else'))).toBe(false);
    expect(createProviderClock(false).learn(refusedAt(600_000))).toBe(false);
  });
});
