import { z } from 'zod';
import { createPaced } from '../../toxics/paced.ts';
import { defineHttpFault } from './fault.ts';
import { stream } from './settings.ts';

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
    const { next, landed } = context;
    let hasLanded = false;
    let isReleased = false;
    const line = createPaced(bytesPerSecond / 1000, {
      ...context,
      now: () => performance.now(),
      landed() {
        if (!hasLanded) landed();
        hasLanded = true;
      },
    });
    return {
      write: (bytes) => (isReleased ? next : line).write(bytes),
      end: () => (isReleased ? next : line).end(),
      release() {
        if (isReleased) return;
        isReleased = true;
        line.release('removed');
      },
    };
  },
});
