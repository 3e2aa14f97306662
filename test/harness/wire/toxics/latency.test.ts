import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

const delaysOf = (attributes: object, count: number, seed = 1) => {
  const line = createLine({ toxics: [toxicOf('latency', attributes)], seed });
  const delays: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const before = line.delayedMs;
    line.write('x');
    delays.push(line.delayedMs - before);
  }
  return delays;
};
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
};

describe('the toxic latency', () => {
  it('hands on bytes and the end so much later than they came', () => {
    const line = createLine({ toxics: [toxicOf('latency', { latency: 50 })] });
    line.write('a');
    line.pass(20);
    line.write('b');
    line.end();
    line.pass(29.9);
    expect(line.text).toBe('');
    line.pass(100);
    expect(line.writes.map(({ atMs }) => atMs)).toEqual([50, 70]);
    expect(line.endedAtMs).toBe(70);
  });

  it('adds up when it is there twice', () => {
    const toxics = [toxicOf('latency', { latency: 50 }, { name: 'a' }), toxicOf('latency', { latency: 30 }, { name: 'b' })];
    const line = createLine({ toxics });
    line.write('a');
    line.pass(200);
    expect(line.writes.map(({ atMs }) => atMs)).toEqual([80]);
  });

  it('draws evenly within the jitter, and never a time before now', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.nat(), (latency, jitter, seed) => {
        for (const delay of delaysOf({ latency, jitter }, 50, seed)) {
          expect(delay).toBeGreaterThanOrEqual(Math.max(0, latency - jitter));
          expect(delay).toBeLessThanOrEqual(latency + jitter);
        }
      }),
    );
    expect(Math.abs(meanOf(delaysOf({ latency: 100, jitter: 50 }, 20_000)) - 100)).toBeLessThan(1);
  });

  it.each(['normal', 'lognormal', 'pareto'])(
    'drawn from %s has the latency as its mean and the jitter as its standard deviation',
    (distribution) => {
      const delays = delaysOf({ latency: 100, jitter: 20, distribution }, 50_000);
      expect(Math.abs(meanOf(delays) - 100)).toBeLessThan(1);
      expect(Math.abs(deviationOf(delays) - 20)).toBeLessThan(2);
    },
  );

  it('has heavier tails from normal to lognormal to pareto', () => {
    const tailOf = (distribution: string) =>
      delaysOf({ latency: 100, jitter: 50, distribution }, 20_000).filter((delay) => delay > 350).length;
    expect(tailOf('normal')).toBeLessThan(tailOf('lognormal'));
    expect(tailOf('lognormal')).toBeLessThan(tailOf('pareto'));
  });

  it('plays recorded delays in order, over and over', () => {
    expect(delaysOf({ recorded: [3, 0.5, 7], recorded_order: 'in_order' }, 7)).toEqual(
      [3, 0.5, 7, 3, 0.5, 7, 3].map((delay) => expect.closeTo(delay, 9)),
    );
  });

  it('draws from recorded delays each about as often', () => {
    const delays = delaysOf({ latency: 1000, recorded: [1, 2, 4, 8] }, 8000).map(Math.round);
    for (const recorded of [1, 2, 4, 8])
      expect(Math.abs(delays.filter((delay) => delay === recorded).length - 2000)).toBeLessThan(200);
  });

  it('counts a new latency from when the bytes came that are on their way', () => {
    const line = createLine({ toxics: [toxicOf('latency', { latency: 1000 })] });
    line.write('a');
    line.pass(300);
    line.write('b');
    line.pass(100);
    line.set([toxicOf('latency', { latency: 350 })]);
    line.write('c');
    line.pass(1000);
    expect(line.writes.map(({ atMs, bytes }) => `${bytes} ${atMs}`)).toEqual(['a 400', 'b 650', 'c 750']);
  });

  it('lets go of all that is on its way when it is removed', () => {
    const line = createLine({ toxics: [toxicOf('latency', { latency: 1000 })] });
    line.write('a');
    line.write('b');
    line.end();
    line.set([]);
    expect(line.text).toBe('ab');
    expect(line.endedAtMs).toBe(0);
    line.pass(2000);
    expect(line.text).toBe('ab');
  });

  it('takes a latency below zero as none, as Toxiproxy does', () => {
    const line = createLine({ toxics: [toxicOf('latency', { latency: -5 })] });
    line.write('a');
    line.pass(0);
    expect(line.text).toBe('a');
  });
});
