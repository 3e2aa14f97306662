import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../harness/random.ts';
import { SEGMENT_BYTES, stallOf } from '../../../../harness/wire/toxics/packet-loss.ts';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

/** Loses so many times, then no more. */
const losing = (times: number) => {
  let left = times;
  return () => (left-- > 0 ? 0 : 0.999);
};

describe('the stall of a lost segment', () => {
  it('doubles with each loss from the time-out on, up to two minutes', () => {
    const stalls = [0, 1, 2, 3, 10, 11, 12].map((times) => stallOf(0.5, 200, losing(times)).ms);
    expect(stalls).toEqual([0, 200, 600, 1400, 204_600, 324_600, 444_600]);
  });

  it('that is never over ends with giving up after the 924.6 s of Linux', () => {
    expect(stallOf(1, 200, createRandom(1))).toEqual({ ms: 924_600, isGivenUp: true });
    expect(stallOf(0.5, 200, losing(15))).toEqual({ ms: 804_600, isGivenUp: false });
  });
});

describe('the toxic packet_loss', () => {
  it('holds up all that is behind a lost segment, the end too', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), (seed, segments) => {
        const line = createLine({ toxics: [toxicOf('packet_loss', { probability: 0.3 })], seed });
        line.write(Buffer.alloc(segments * SEGMENT_BYTES));
        line.end();
        line.pass(1e9);
        for (const { bytes } of line.writes) expect(bytes.length).toBe(SEGMENT_BYTES);
        // Each moment at which something goes on is a time-out, or several, after the one before.
        const stalls = line.writes.map(({ atMs }, index) => atMs - (line.writes[index - 1]?.atMs ?? 0));
        for (const stall of stalls) expect([0, 200, 600, 1400, 3000, 6200, 12_600, 25_400, 51_000]).toContain(stall);
        expect(line.endedAtMs).toBe(line.delayedMs);
      }),
    );
  });

  it('loses its share of segments', () => {
    const line = createLine({ toxics: [toxicOf('packet_loss', { probability: 0.02 })] });
    for (let sent = 0; sent < 20_000; sent++) {
      line.write('x');
      line.pass(100_000);
    }
    expect(line.text.length).toBe(20_000);
    expect(Math.abs(line.landed / 20_000 - 0.02)).toBeLessThan(0.003);
  });

  it('resets a connection of which all is lost, when TCP would give up', () => {
    const line = createLine({ toxics: [toxicOf('packet_loss', { probability: 1 })] });
    line.write('a');
    line.pass(924_599);
    expect(line.resetAtMs).toBeUndefined();
    line.pass(1);
    expect(line.resetAtMs).toBe(924_600);
    expect(line.text).toBe('');
  });

  it('waits for the time-out that it is given', () => {
    const line = createLine({ toxics: [toxicOf('packet_loss', { probability: 1, rto: 1000 })] });
    line.write('a');
    line.set([toxicOf('packet_loss', { probability: 0 })]);
    expect(line.text).toBe('a');
    expect(line.delayedMs).toBeGreaterThan(900_000);
  });
});
