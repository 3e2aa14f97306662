import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../../../harness/random.ts';
import { drawServiceTimeMs } from '../../../mocks/inference/service-time.ts';

const DRAWS = 20_000;
const capacity = { concurrency: 1, queueLimit: 0 };

beforeEach(() => {
  vi.spyOn(Math, 'random').mockImplementation(createRandom(7, 'service time'));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('the service time of a prediction', () => {
  test('is the median itself without a spread', () => {
    const times = Array.from({ length: 10 }, () => drawServiceTimeMs({ ...capacity, serviceTimeMs: 12, serviceTimeSigma: 0 }));
    expect(new Set(times)).toEqual(new Set([12]));
  });

  test.each([0.1, 0.4, 1])('is log-normal around the median with sigma %d', (serviceTimeSigma) => {
    const times = Array.from({ length: DRAWS }, () => drawServiceTimeMs({ ...capacity, serviceTimeMs: 40, serviceTimeSigma }));
    const logs = times.map((time) => Math.log(time / 40));
    const mean = logs.reduce((sum, log) => sum + log, 0) / DRAWS;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / DRAWS);
    const median = times.toSorted((a, b) => a - b)[DRAWS / 2] ?? 0;
    expect(Math.abs(mean)).toBeLessThan(0.03 * serviceTimeSigma);
    expect(deviation / serviceTimeSigma).toBeCloseTo(1, 1);
    expect(median / 40).toBeGreaterThan(1 - 0.03 * serviceTimeSigma);
    expect(median / 40).toBeLessThan(1 + 0.03 * serviceTimeSigma);
    // A normal has 15.9% above one sigma: the spread is of that shape, not merely that wide.
    expect(logs.filter((log) => log > serviceTimeSigma).length / DRAWS).toBeCloseTo(0.159, 2);
  });

  test.each([0, 1 - Number.EPSILON / 2])('is finite and above zero at the edge of the draw: %d', (random) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const time = drawServiceTimeMs({ ...capacity, serviceTimeMs: 10, serviceTimeSigma: 0.5 });
    expect(Number.isFinite(time) && time > 0).toBe(true);
  });
});
