import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../harness/random.ts';
import { awsEast, delayOf, effectOf, exchangeOn, problemsOf, send } from '../../support/faults.ts';

const spike = (settings: Readonly<Record<string, unknown>>) => effectOf('latency-spike', settings);

const drawDelays = async (settings: Readonly<Record<string, unknown>>, count: number, seed = 3) => {
  const effect = spike({ shape: 'jitter', ...settings });
  const exchange = exchangeOn(awsEast, { random: createRandom(seed, 'jitter') });
  return Promise.all(Array.from({ length: count }, () => delayOf(effect, exchange)));
};
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
};

describe('a latency spike', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('holds a request up before the provider sees it', async () => {
    const { answer, forward } = send(spike({ delay: '800ms' }), exchangeOn(awsEast));
    await vi.advanceTimersByTimeAsync(799);
    expect(forward).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(forward).toHaveBeenCalledOnce();
    expect(await (await answer).text()).toBe('served');
  });

  it('does not forward a request whose caller has gone', async () => {
    const gone = exchangeOn(awsEast, { delay: () => Promise.reject(new Error('the caller has gone')) });
    const { answer, forward } = send(spike({}), gone);
    await expect(answer).rejects.toThrow('the caller has gone');
    expect(forward).not.toHaveBeenCalled();
  });

  it('that ramps goes from its first to its last delay and never back', async () => {
    const effect = spike({ shape: 'ramp', delay: '1s', from: '200ms' });
    const at = (elapsedMs: number) => delayOf(effect, exchangeOn(awsEast, { elapsedMs, forMs: 8000 }));
    expect([await at(0), await at(4000), await at(8000), await at(9000)]).toEqual([200, 600, 1000, 1000]);
    await fc.assert(
      fc.asyncProperty(fc.nat(8000), fc.nat(8000), async (one, other) => {
        expect(await at(Math.min(one, other))).toBeLessThanOrEqual(await at(Math.max(one, other)));
      }),
    );
  });

  it.each(['uniform', 'normal', 'lognormal', 'pareto'])(
    'that jitters by %s draws the mean and the deviation it is given',
    async (distribution) => {
      const delays = await drawDelays({ distribution, delay: '500ms', jitter: '100ms' }, 20_000);
      expect(meanOf(delays)).toBeGreaterThan(495);
      expect(meanOf(delays)).toBeLessThan(505);
      // Pareto's deviation converges slowly, since its tail carries it.
      expect(deviationOf(delays)).toBeGreaterThan(80);
      expect(deviationOf(delays)).toBeLessThan(120);
    },
  );

  it('that jitters has the tail of its distribution', async () => {
    const shareAbove = async (distribution: string, ms: number) => {
      const delays = await drawDelays({ distribution, delay: '500ms', jitter: '100ms' }, 20_000);
      return delays.filter((delay) => delay > ms).length / delays.length;
    };
    // Five deviations above the mean.
    expect(await shareAbove('uniform', 1000)).toBe(0);
    expect(await shareAbove('normal', 1000)).toBe(0);
    expect(await shareAbove('lognormal', 1000)).toBeGreaterThan(0);
    expect(await shareAbove('pareto', 1000)).toBeGreaterThan(0.002);
  });

  it('is the same for the same seed, and another for another', async () => {
    const first = await drawDelays({}, 20, 5);
    expect(await drawDelays({}, 20, 5)).toEqual(first);
    expect(await drawDelays({}, 20, 6)).not.toEqual(first);
  });

  it('never waits a negative or endless time, whatever the settings and draws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('uniform', 'normal', 'lognormal', 'pareto'),
        fc.integer({ min: 1, max: 86_400_000 }),
        fc.nat(86_400_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (distribution, delayMs, jitterMs, draw) => {
          const effect = spike({ shape: 'jitter', distribution, delay: `${delayMs}ms`, jitter: `${jitterMs}ms` });
          const waited = await delayOf(effect, exchangeOn(awsEast, { random: () => draw }));
          expect(waited >= 0 && waited <= 86_400_000).toBe(true);
          if (jitterMs === 0) expect(waited).toBe(delayMs);
        },
      ),
    );
  });

  it.each([
    [{ jitter: '10ms' }, 'jitter: has no effect with shape constant; it belongs to shape jitter'],
    [{ shape: 'jitter', from: '10ms' }, 'from: has no effect with shape jitter; it belongs to shape ramp'],
    [{ shape: 'ramp', distribution: 'pareto' }, 'distribution: has no effect with shape ramp; it belongs to shape jitter'],
    [{ delay: '0ms' }, 'delay: expected a delay above 0ms'],
  ])('refuses settings that would do nothing: %o', (settings, problem) => {
    expect(problemsOf('latency-spike', settings)).toEqual([problem]);
  });
});
