import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

/** Places at which they differ, and by which bits. */
const differences = (before: Buffer, after: Buffer) =>
  [...before].flatMap((byte, at) => (byte === after[at] ? [] : [{ at, mask: byte ^ after[at]! }]));
const bitsOf = (mask: number) => mask.toString(2).replaceAll('0', '').length;

const passThrough = (attributes: object, chunks: readonly Buffer[], seed = 1) => {
  const line = createLine({ toxics: [toxicOf('corrupt', attributes)], seed });
  for (const chunk of chunks) line.write(chunk);
  return line.out;
};

describe('the toxic corrupt', () => {
  it('hits every so manieth byte, whatever the chunks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
          { maxLength: 10 },
        ),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (chunks, every_bytes, bits) => {
          const sent = Buffer.concat(chunks);
          const hits = differences(sent, passThrough({ every_bytes, bits }, chunks));
          expect(hits.map(({ at }) => at)).toEqual(
            Array.from({ length: Math.floor(sent.length / every_bytes) }, (_, index) => (index + 1) * every_bytes - 1),
          );
          for (const { mask } of hits) expect(bitsOf(mask)).toBe(bits);
        },
      ),
    );
  });

  it('hits the same bytes for the same seed, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 10 }), fc.nat(), (sizes, seed) => {
        const chunks = sizes.map((size) => Buffer.alloc(size, size));
        const whole = Buffer.concat(chunks);
        expect(passThrough({ byte_share: 0.05 }, chunks, seed)).toEqual(passThrough({ byte_share: 0.05 }, [whole], seed));
      }),
    );
  });

  it.each([0.001, 0.1, 0.5, 1])('hits a share of %d of the bytes', (byte_share) => {
    const sent = Buffer.alloc(200_000);
    const hits = differences(sent, passThrough({ byte_share }, [sent]));
    expect(Math.abs(hits.length / sent.length / byte_share - 1)).toBeLessThan(0.2);
  });

  it('leaves all as it is without a share, and what it was given as it was', () => {
    const sent = Buffer.from('abc');
    expect(passThrough({}, [sent])).toEqual(sent);
    const line = createLine({ toxics: [toxicOf('corrupt', { every_bytes: 1 })] });
    line.write(sent);
    expect(String(sent)).toBe('abc');
    expect(line.text).not.toBe('abc');
  });
});
