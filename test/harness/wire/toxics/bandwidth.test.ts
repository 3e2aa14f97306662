import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../harness/random.ts';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

const SLICE_MS = 5;

describe('the toxic bandwidth', () => {
  it('never lets more pass than the line has carried by then, nor less by more than a slice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 10 }),
        (rate, sizes) => {
          const line = createLine({ toxics: [toxicOf('bandwidth', { rate })] });
          for (const size of sizes) line.write(Buffer.alloc(size));
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const slice = Math.max(1, rate * SLICE_MS);
          for (let ms = 7; ms < 200; ms += 7) {
            line.pass(7);
            expect(line.out.length).toBeLessThanOrEqual(Math.ceil(rate * (ms + 0.5)));
            expect(line.out.length).toBeGreaterThanOrEqual(Math.min(total, Math.floor(rate * ms - slice)));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps the rate within 3 % over 5 s though each alarm is late, and spreads it in steps of some milliseconds', () => {
    const random = createRandom(1, 'late');
    for (const rate of [8, 100, 1000, 40_000]) {
      const line = createLine({ toxics: [toxicOf('bandwidth', { rate })], lateMs: () => 3 * random() });
      const chunk = Buffer.alloc(Math.max(100, rate * 20));
      // As a sender does that is stopped when too much is held.
      for (let ms = 0; ms < 5000; ms += 10) {
        while (line.heldBytes < chunk.length) line.write(chunk);
        line.pass(10);
      }
      expect(Math.abs(line.out.length / (rate * 5000) - 1)).toBeLessThan(0.03);
      expect(Math.max(...line.writes.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(Math.max(2, rate * 3 * SLICE_MS));
    }
  });

  it('gives no credit for a time in which nothing came', () => {
    const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 10 })] });
    line.write(Buffer.alloc(1000));
    line.pass(10_000);
    expect(line.out.length).toBe(1000);
    line.write(Buffer.alloc(1000));
    line.pass(50);
    expect(line.out.length).toBeLessThanOrEqual(1500);
    line.pass(50);
    expect(line.out.length).toBe(2000);
  });

  it('makes up for the time in which it had nothing left as an alarm was late, but not for more than a quarter of a second', () => {
    for (const [late, made] of [
      [100, 100],
      [1000, 250],
    ] as const) {
      let lateMs: number = late;
      const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 100 })], lateMs: () => lateMs });
      line.write(Buffer.alloc(500));
      line.pass(5 + late);
      lateMs = 0;
      line.write(Buffer.alloc(100 * 1000));
      expect(line.out.length).toBe(500 + 100 * made);
    }
  });

  it('lets the end pass behind the bytes', () => {
    const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 1 })] });
    line.write(Buffer.alloc(100));
    line.end();
    line.pass(90);
    expect(line.endedAtMs).toBeUndefined();
    line.pass(20);
    expect(line.out.length).toBe(100);
    expect(line.endedAtMs).toBe(100);
  });

  it('lets nothing pass at a rate of 0 until it is removed', () => {
    const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 0 })] });
    line.write('abc');
    line.pass(1e9);
    expect(line.text).toBe('');
    line.set([]);
    expect(line.text).toBe('abc');
  });

  it('sends what it holds at the new rate after an update', () => {
    const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 1 })] });
    line.write(Buffer.alloc(10_100));
    line.pass(100);
    expect(line.out.length).toBe(100);
    line.set([toxicOf('bandwidth', { rate: 100 })]);
    line.pass(50);
    expect(line.out.length).toBe(5100);
    line.pass(50);
    expect(line.out.length).toBe(10_100);
  });

  it('stops the sender while it holds much, and asks for more when it does not', () => {
    const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 100 })] });
    line.write(Buffer.alloc(300 * 1024));
    expect(line.isHeldUp).toBe(true);
    line.pass(1000);
    expect(line.isHeldUp).toBe(false);
  });
});
