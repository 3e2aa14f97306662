import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../harness/random.ts';
import { awsEast, effectOf, exchangeOn, problemsOf } from '../../support/faults.ts';

/** Of so many exchanges at that moment, the share that is never answered. */
const leakedShare = async (settings: Readonly<Record<string, unknown>>, elapsedMs: number): Promise<number> => {
  const { intercept } = effectOf('connection-leak', settings);
  const lose = vi.fn(() => new Promise<never>(() => undefined));
  const exchange = exchangeOn(awsEast, { elapsedMs, forMs: 10_000, random: createRandom(5, 'leak'), lose });
  for (let sent = 0; sent < 2000; sent += 1) void intercept!(exchange, async () => new Response('served'));
  return lose.mock.calls.length / 2000;
};

describe('a leak of connections', () => {
  it('grows in a straight line, and holds the answers that it takes', async () => {
    const settings = { share: '40%', from: '10%' };
    expect(await leakedShare(settings, 0)).toBeCloseTo(0.1, 1);
    expect(await leakedShare(settings, 5000)).toBeCloseTo(0.25, 1);
    expect(await leakedShare(settings, 10_000)).toBeCloseTo(0.4, 1);
    expect(await leakedShare(settings, 20_000)).toBeCloseTo(0.4, 1);
  });

  it('takes none at first where nothing else is said, and answers what it does not take', async () => {
    expect(await leakedShare({}, 0)).toBe(0);
    const { intercept } = effectOf('connection-leak', { share: '100%' });
    const exchange = exchangeOn(awsEast, { elapsedMs: 0, forMs: 10_000, random: () => 0 });
    expect(await (await intercept!(exchange, async () => new Response('served'))).text()).toBe('served');
  });

  it('refuses to leak nothing', () => {
    expect(problemsOf('connection-leak', { share: '0%' })).toEqual([expect.stringContaining('above 0%')]);
  });
});
