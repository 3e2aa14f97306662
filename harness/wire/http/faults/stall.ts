import { z } from 'zod';
import { createHeld } from '../../toxics/held.ts';
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
  body(settings, context) {
    const { next, after, landed, delayed } = context;
    const held = createHeld(context);
    let isStalled = false;
    const release = () => {
      isStalled = false;
      held.flush();
    };
    const gate: Flow = {
      write(bytes) {
        if (isStalled) held.push(bytes);
        else next.write(bytes);
      },
      end() {
        if (isStalled) held.push(null);
        else next.end();
      },
    };
    const reached = () => {
      landed();
      isStalled = true;
      if (settings.for !== undefined) {
        delayed(settings.for);
        after(settings.for, release);
      }
      return gate;
    };
    return atMark(settings, next, reached, release);
  },
});
