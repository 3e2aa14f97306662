import fc from 'fast-check';
import type { Burst, RateStage } from '../../harness/scenario/scenario.ts';

const ratePerS = fc.integer({ min: 0, max: 200 });

export const stageArbitrary: fc.Arbitrary<RateStage> = fc.record({
  forMs: fc.integer({ min: 0, max: 5000 }),
  fromPerS: ratePerS,
  toPerS: ratePerS,
});

export const burstArbitrary: fc.Arbitrary<Burst> = fc
  .record({
    atMs: fc.nat(10_000),
    forMs: fc.integer({ min: 1, max: 2000 }),
    pauseMs: fc.integer({ min: 1, max: 2000 }),
    count: fc.integer({ min: 1, max: 5 }),
    multiplier: fc.integer({ min: 1, max: 4 }),
    addPerS: fc.nat(100),
  })
  .map(({ pauseMs, ...burst }) => ({ ...burst, everyMs: burst.count > 1 ? burst.forMs + pauseMs : 0 }));

/** The rate at a moment, straight from what stages and bursts are: an oracle for the courses of the code. */
export const rateAt = (stages: readonly RateStage[], bursts: readonly Burst[], ms: number): number => {
  const base = (): number => {
    let startMs = 0;
    for (const { forMs, fromPerS, toPerS } of stages) {
      if (ms < startMs + forMs) return fromPerS + ((toPerS - fromPerS) * (ms - startMs)) / forMs;
      startMs += forMs;
    }
    return stages.at(-1)!.toPerS;
  };
  const active = bursts.filter(({ atMs, forMs, everyMs, count }) =>
    Array.from({ length: count }, (_, index) => atMs + index * everyMs).some((startMs) => startMs <= ms && ms < startMs + forMs),
  );
  return active.reduce(
    (sum, { addPerS }) => sum + addPerS,
    active.reduce((product, { multiplier }) => product * multiplier, base()),
  );
};
