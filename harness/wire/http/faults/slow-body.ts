import { z } from 'zod';
import type { Alarm } from '../../tcp/alarms.ts';
import { createHeld } from '../../toxics/held.ts';
import { defineHttpFault } from './fault.ts';
import { stream } from './settings.ts';

/** Bytes are handed on so often, so that a body trickles rather than jumps. */
const TICK_MS = 10;

/** A body comes slowly, and evenly. */
export const slowBody = defineHttpFault({
  type: 'slow-body',
  summary: 'Lets a body through at so many bytes a second.',
  protocols: ['http/1.1', 'h2'],
  settings: z.strictObject({
    bytesPerSecond: z.int().min(1).max(10_000_000_000).describe('Of the body, without headers and framing.'),
    stream,
  }),
  stream: ({ stream }) => stream,
  body({ bytesPerSecond }, context) {
    const { next, after, landed, delayed } = context;
    const held = createHeld(context);
    let alarm: Alarm | undefined;
    let isReleased = false;
    let startedAtMs = 0;
    let passedBytes = 0;

    const tick = () => {
      alarm = undefined;
      const dueBytes = Math.floor(((performance.now() - startedAtMs) / 1000) * bytesPerSecond);
      passedBytes += held.handOnBytes(Math.max(0, dueBytes - passedBytes));
      if (!held.isEmpty) wait();
    };
    const wait = () => {
      const oneByteMs = 1000 / bytesPerSecond;
      const waitMs = Math.max(TICK_MS, oneByteMs);
      delayed(waitMs);
      alarm = after(waitMs, tick);
    };
    return {
      write(bytes) {
        if (isReleased) return next.write(bytes);
        held.push(bytes);
        if (alarm) return;
        // A sender slower than the rate is not owed what it did not send.
        startedAtMs = performance.now();
        passedBytes = 0;
        landed();
        wait();
      },
      end() {
        if (held.isEmpty) next.end();
        else held.push(null);
      },
      release() {
        isReleased = true;
        alarm?.cancel();
        held.flush();
      },
    };
  },
});
