import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../harness/faults/kind.ts';
import { awsEast, awsWest, effectOf, exchangeOn, problemsOf } from '../../support/faults.ts';

/** Sends requests at these moments. @returns how long each waits, milliseconds */
const waits = async (
  settings: Readonly<Record<string, unknown>>,
  momentsMs: readonly number[],
  on = awsEast,
  effect = effectOf('cold-region', settings),
) => {
  const waited: number[] = [];
  for (const elapsedMs of momentsMs) {
    const delay: Exchange['delay'] = async (ms) => void waited.push(Math.round(ms));
    await effect.intercept!(exchangeOn(on, { elapsedMs, forMs: 10_000, delay }), async () => new Response('served'));
  }
  return waited;
};

const STEADY = { from: '10/s', to: '10/s' };

describe('a cold region', () => {
  it('gets so many requests done a second, one after another, and lets those wait that come faster', async () => {
    expect(await waits(STEADY, [0, 0, 50, 1000, 1010])).toEqual([0, 100, 150, 0, 90]);
  });

  it('warms up in a straight line', async () => {
    const settings = { from: '10/s', to: '100/s' };
    const gapAt = async (ms: number) => (await waits(settings, [ms, ms]))[1];
    expect([await gapAt(0), await gapAt(5000), await gapAt(9999)]).toEqual([100, 18, 1]);
  });

  it('lets nobody wait beyond its end, and each link have a queue of its own', async () => {
    expect(await waits({ from: '1/s', to: '1/s' }, [9500, 9500, 9500])).toEqual([0, 500, 500]);
    const effect = effectOf('cold-region', STEADY);
    await waits(STEADY, [0, 0, 0], awsEast, effect);
    expect(await waits(STEADY, [0], awsWest, effect)).toEqual([0]);
  });

  it('gets something done at all', () => {
    expect(problemsOf('cold-region', { from: 0 })).toEqual([expect.stringContaining('above 0')]);
  });
});
