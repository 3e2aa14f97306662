import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../harness/random.ts';
import { sliceSizes } from '../../../../harness/wire/toxics/slicer.ts';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

describe('the toxic slicer', () => {
  it('cuts any number of bytes into slices that are none empty and none larger than average plus variation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(600),
        fc.nat(),
        (length, average, variation, seed) => {
          const sizes = sliceSizes(length, average, variation, createRandom(seed));
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length);
          for (const size of sizes) {
            expect(size).toBeGreaterThan(0);
            expect(size).toBeLessThanOrEqual(average + variation);
          }
        },
      ),
    );
  });

  it('halves what is too long without a variation', () => {
    expect(sliceSizes(100, 30, 0, createRandom(1))).toEqual([25, 25, 25, 25]);
    expect(sliceSizes(100, 100, 0, createRandom(1))).toEqual([100]);
  });

  it('cuts each chunk once, whatever the delay', () => {
    for (const delay of [0, 10_000]) {
      const line = createLine({ toxics: [toxicOf('slicer', { average_size: 30, delay })] });
      line.write(Buffer.alloc(100));
      line.write(Buffer.alloc(40));
      line.pass(1000);
      expect(line.writes.map(({ bytes }) => bytes.length)).toEqual([25, 25, 25, 25, 20, 20]);
    }
  });

  it('waits between slices, and before what comes next', () => {
    const line = createLine({ toxics: [toxicOf('slicer', { average_size: 2, delay: 10_000 })] });
    line.write('abcd');
    line.write('ef');
    line.end();
    line.pass(100);
    expect(line.writes.map(({ atMs, bytes }) => `${bytes} ${atMs}`)).toEqual(['ab 0', 'cd 10', 'ef 20']);
    expect(line.endedAtMs).toBe(30);
  });

  it('keeps to delays of microseconds on the average, though a timer is late by milliseconds', () => {
    const line = createLine({ toxics: [toxicOf('slicer', { average_size: 1, delay: 100 })], lateMs: () => 0.9 });
    line.write(Buffer.alloc(1000));
    line.pass(99);
    expect(line.out.length).toBeLessThan(1000);
    line.pass(5);
    expect(line.out.length).toBe(1000);
  });

  it('hands on the rest in one piece when it is removed', () => {
    const line = createLine({ toxics: [toxicOf('slicer', { average_size: 1, delay: 10_000 })] });
    line.write('abcd');
    line.pass(10);
    line.set([]);
    expect(line.writes.map(({ bytes }) => String(bytes))).toEqual(['a', 'b', 'cd']);
  });

  it('takes an average of 0 as single bytes', () => {
    const line = createLine({ toxics: [toxicOf('slicer')] });
    line.write('abc');
    expect(line.writes.map(({ bytes }) => String(bytes))).toEqual(['a', 'b', 'c']);
  });
});
