import { z } from 'zod';
import { defineToxic, type Flow, type Stage } from './toxic.ts';

/** A second of 1 Gbit/s would be 125 MB: delayed bytes are on their way, not held up, up to what a proxy should hold. */
const ON_THE_WAY_BYTES = 16 * 1024 * 1024;

interface Held {
  /** Null is the end. */
  readonly bytes: Buffer | null;
  isDue: boolean;
}

/** Bytes and the end arrive later, in order. */
export const latency = defineToxic({
  type: 'latency',
  summary: 'Delays what passes.',
  attributes: z.object({
    latency: z.int().min(0).default(0).describe('Delay, milliseconds.'),
    jitter: z.int().min(0).default(0).describe('The delay is drawn evenly from so much less to so much more, milliseconds.'),
  }),
  holdsUpTo: ON_THE_WAY_BYTES,
  open({ latency: meanMs, jitter }, { next, after, random, hold, landed, delayed }): Stage {
    const held: Held[] = [];

    const handOn = (flow: Flow, { bytes }: Held) => {
      if (bytes) {
        hold(-bytes.length);
        flow.write(bytes);
      } else flow.end();
    };
    const take = (bytes: Buffer | null) => {
      const one: Held = { bytes, isDue: false };
      const delayMs = Math.max(0, jitter > 0 ? meanMs + (2 * random() - 1) * jitter : meanMs);
      held.push(one);
      if (bytes) {
        hold(bytes.length);
        landed();
        delayed(delayMs);
      }
      after(delayMs, () => {
        one.isDue = true;
        while (held[0]?.isDue) handOn(next, held.shift()!);
      });
    };
    return {
      write: take,
      end: () => take(null),
      release() {
        for (const one of held.splice(0)) handOn(next, one);
      },
    };
  },
});
