import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../../../harness/serving/audit/journal.ts';
import { byBoosting, byKairouz, composed, sequentially } from '../../../../harness/serving/privacy/composition.ts';
import { openLedger } from '../../../../harness/serving/privacy/ledger.ts';
import { gaussianVariance, lossOf } from '../../../../harness/serving/privacy/mechanism.ts';

/** Logarithm of n over k. */
const logChoose = (n: number, k: number): number => {
  let sum = 0;
  for (let at = 1; at <= k; at += 1) sum += Math.log(n - k + at) - Math.log(at);
  return sum;
};

/** What k answers of randomized response tell together, exactly: Kairouz, Oh, Viswanath (2015), Theorem 3.3. No mechanism of that epsilon tells more. */
const exactDelta = (count: number, epsilon: number, at: number): number => {
  let delta = 0;
  for (let lies = 0; lies <= count; lies += 1) {
    const scale = logChoose(count, lies) - count * Math.log1p(Math.exp(epsilon));
    delta += Math.max(0, Math.exp(scale + (count - lies) * epsilon) - Math.exp(scale + at + lies * epsilon));
  }
  return delta;
};

/** Standard normal distribution: Abramowitz, Stegun, 26.2.17, absolute error below 7.5e-8. */
const normalBelow = (x: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
};

describe('composition', () => {
  it.each([
    ['Dwork, Rothblum, Vadhan', byBoosting],
    ['Kairouz, Oh, Viswanath', byKairouz],
  ] as const)('by %s never counts less than the worst mechanism tells', (_, compose) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        fc.double({ min: -7, max: -2, noNaN: true }),
        (count, epsilon, exponent) => {
          const slack = 10 ** exponent;
          const total = compose(count, { epsilon, delta: 0 }, slack);
          expect(exactDelta(count, epsilon, total.epsilon)).toBeLessThanOrEqual(slack * (1 + 1e-6));
        },
      ),
    );
  });

  it('takes the smallest bound that keeps within the delta, and never less than nothing more costs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.constantFrom(0, 1e-9, 1e-7),
        (count, epsilon, delta) => {
          const each = { epsilon, delta };
          const advanced = composed('advanced', count, each, 1e-5);
          expect(advanced.epsilon).toBeLessThanOrEqual(sequentially(count, each).epsilon);
          const next = composed('advanced', count + 1, each, 1e-5);
          if (next.delta <= 1e-5) expect(next.epsilon).toBeGreaterThanOrEqual(advanced.epsilon - 1e-12);
        },
      ),
    );
  });

  it('of Gaussian noise adds up rho, and never counts less than the noise of all answers together tells', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (count, epsilon) => {
        const each = lossOf('gaussian', epsilon, 1e-6);
        const total = composed('advanced', count, each, 1e-5);
        // Many answers with Gaussian noise are one with the variance divided: its delta at an epsilon is Balle, Wang (2018), Theorem 8.
        const sigma = Math.sqrt(gaussianVariance(each) / count);
        const delta =
          normalBelow(1 / (2 * sigma) - total.epsilon * sigma) -
          Math.exp(total.epsilon) * normalBelow(-1 / (2 * sigma) - total.epsilon * sigma);
        // The approximation of the distribution is good to a few 1e-8.
        if (total.delta <= 1e-5) expect(delta).toBeLessThanOrEqual(total.delta + 2e-7 * (1 + Math.exp(total.epsilon)));
      }),
    );
    expect(composed('advanced', 400, lossOf('gaussian', 0.05, 1e-6), 1e-5).epsilon).toBeLessThan(1);
  });

  it('is less than the sum for many answers', () => {
    expect(composed('advanced', 400, { epsilon: 0.05, delta: 0 }, 1e-5).epsilon).toBeLessThan(6);
    expect(composed('sequential', 400, { epsilon: 0.05, delta: 0 }, 1e-5).epsilon).toBe(20);
  });
});

const OPTIONS = { each: { epsilon: 0.1, delta: 0 }, budget: { epsilon: 1, delta: 1e-5 }, composition: 'sequential' } as const;

describe('the ledger of privacy budgets', () => {
  it('refuses what is over the budget, which costs nothing, and keeps tenants apart', async () => {
    const ledger = await openLedger({ ...OPTIONS, journal: createMemoryJournal() });
    for (let answer = 1; answer <= 10; answer += 1) expect((await ledger.charge('a', 'patients'))?.answers).toBe(answer);
    for (let again = 0; again < 3; again += 1) expect(await ledger.charge('a', 'patients')).toBeNull();
    expect(ledger.accountOf('a', 'patients')).toMatchObject({ answers: 10 });
    expect(await ledger.charge('b', 'patients')).not.toBeNull();
    expect(await ledger.charge('a', 'payments')).not.toBeNull();
  });

  it('lets no two that come at once both have the last', async () => {
    const ledger = await openLedger({ ...OPTIONS, journal: createMemoryJournal() });
    const charges = await Promise.all(Array.from({ length: 50 }, () => ledger.charge('a', 'patients')));
    expect(charges.filter((account) => account !== null)).toHaveLength(10);
  });

  it('remembers after a kill, and charges before it answers', async () => {
    const journal = createMemoryJournal();
    const first = await openLedger({ ...OPTIONS, journal });
    for (let answer = 0; answer < 7; answer += 1) await first.charge('a', 'patients');
    const second = await openLedger({ ...OPTIONS, journal });
    expect(second.accountOf('a', 'patients').answers).toBe(7);
    const disk = { ...journal, append: () => Promise.reject(new Error('no room')) };
    const third = await openLedger({ ...OPTIONS, journal: disk });
    await expect(third.charge('a', 'patients')).rejects.toThrow('no room');
  });
});
