import { z } from 'zod';
import { share } from './fields.ts';
import { defineToxic, type Stage } from './toxic.ts';

const BITS = 8;

/** Bytes that are spared before the next one is hit, of a share above 0 and below 1: how often a draw fails before it succeeds. */
const drawGap = (byteShare: number, random: () => number): number => Math.floor(Math.log(1 - random()) / Math.log1p(-byteShare));

/** That many different bits of a byte. */
const drawMask = (bits: number, random: () => number): number => {
  let mask = 0;
  for (let left = bits; left > 0; ) {
    const bit = 1 << Math.floor(random() * BITS);
    if (mask & bit) continue;
    mask |= bit;
    left -= 1;
  }
  return mask;
};

/** Which bytes are hit depends on their place in the stream, not on the chunks that they come in. */
export const corrupt = defineToxic({
  type: 'corrupt',
  summary: 'Flips bits in some of the bytes; none are added or lost.',
  attributes: z.object({
    byte_share: share('Share of bytes that are hit, drawn for each.'),
    every_bytes: z.int().min(1).optional().describe('Hits every so manieth byte, in place of a share.'),
    bits: z.int().min(1).max(BITS).optional().describe('Bits flipped in a byte that is hit, 1 when left out.'),
  }),
  open({ byte_share = 0, every_bytes, bits = 1 }, { next, carried, random, landed }): Stage {
    const gap = () => {
      if (every_bytes) return every_bytes - 1;
      if (byte_share === 0) return Number.POSITIVE_INFINITY;
      return byte_share === 1 ? 0 : drawGap(byte_share, random);
    };
    let spared = (carried as number | undefined) ?? gap();
    return {
      write(bytes) {
        if (spared >= bytes.length) {
          spared -= bytes.length;
          next.write(bytes);
          return;
        }
        const hit = Buffer.from(bytes);
        let at = spared;
        for (; at < hit.length; at += 1 + gap()) {
          hit[at]! ^= drawMask(bits, random);
          landed();
        }
        spared = at - hit.length;
        next.write(hit);
      },
      end: () => next.end(),
      release: () => undefined,
    };
  },
});
