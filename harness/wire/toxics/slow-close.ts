import { z } from 'zod';
import type { Alarm } from '../tcp/alarms.ts';
import { whole } from './fields.ts';
import { defineToxic, type Stage } from './toxic.ts';

/** Bytes pass as they are. On an update the whole of the new delay begins. */
export const slowClose = defineToxic({
  type: 'slow_close',
  summary: 'Holds back the end of a connection.',
  attributes: z.object({ delay: whole('How much later the end (FIN) comes, milliseconds.') }),
  open({ delay }, { next, after, landed, delayed }): Stage {
    let alarm: Alarm | undefined;
    return {
      write: (bytes) => next.write(bytes),
      end() {
        landed();
        delayed(Math.max(0, delay));
        alarm = after(delay, () => {
          alarm = undefined;
          next.end();
        });
      },
      release() {
        if (!alarm) return;
        alarm.cancel();
        next.end();
      },
    };
  },
});
