import { z } from 'zod';
import type { Flow } from '../../toxics/toxic.ts';
import { atMark } from './at-mark.ts';
import { defineHttpFault } from './fault.ts';
import { forHowLong, mark, stream } from './settings.ts';

/** A body stops in the middle, and the connection stays. */
export const stall = defineHttpFault({
  type: 'stall',
  summary: 'Stops a body after some bytes, server-sent events or gRPC messages, for a while or for ever.',
  protocols: ['http/1.1', 'h2'],
  settings: z.strictObject({ ...mark, for: forHowLong, stream }),
  stream: ({ stream }) => stream,
  body(settings, { next, hold, after, landed, delayed }) {
    let held: (Buffer | null)[] | undefined;
    const release = () => {
      const parts = held;
      held = undefined;
      for (const part of parts ?? []) {
        if (part) {
          hold(-part.length);
          next.write(part);
        } else next.end();
      }
    };
    const gate: Flow = {
      write(bytes) {
        if (!held) return next.write(bytes);
        held.push(bytes);
        hold(bytes.length);
      },
      end() {
        if (held) held.push(null);
        else next.end();
      },
    };
    const reached = () => {
      landed();
      held = [];
      if (settings.for !== undefined) {
        delayed(settings.for);
        after(settings.for, release);
      }
      return gate;
    };
    return atMark(settings, next, reached, release);
  },
});
