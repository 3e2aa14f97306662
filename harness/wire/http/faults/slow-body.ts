import { z } from 'zod';
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
  body({ bytesPerSecond }, { next, hold, after, landed, delayed }) {
    const queue: Buffer[] = [];
    let isEnded = false;
    let isRunning = false;
    let startedAtMs = 0;
    let passedBytes = 0;

    const handOn = (bytes: Buffer) => {
      hold(-bytes.length);
      next.write(bytes);
    };
    const tick = () => {
      let room = Math.floor(((performance.now() - startedAtMs) / 1000) * bytesPerSecond) - passedBytes;
      while (room > 0 && queue.length > 0) {
        const bytes = queue.shift()!;
        const now = bytes.subarray(0, room);
        if (now.length < bytes.length) queue.unshift(bytes.subarray(room));
        room -= now.length;
        passedBytes += now.length;
        handOn(now);
      }
      if (queue.length > 0) wait();
      else {
        isRunning = false;
        if (isEnded) next.end();
      }
    };
    const wait = () => {
      const oneByteMs = 1000 / bytesPerSecond;
      const waitMs = Math.max(TICK_MS, oneByteMs);
      delayed(waitMs);
      after(waitMs, tick);
    };
    return {
      write(bytes) {
        queue.push(bytes);
        hold(bytes.length);
        if (isRunning) return;
        // A sender slower than the rate is not owed what it did not send.
        isRunning = true;
        startedAtMs = performance.now();
        passedBytes = 0;
        landed();
        wait();
      },
      end() {
        isEnded = true;
        if (!isRunning) next.end();
      },
      release() {
        isRunning = true;
        for (const bytes of queue.splice(0)) handOn(bytes);
        if (isEnded) next.end();
      },
    };
  },
});
