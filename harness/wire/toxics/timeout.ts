import { z } from 'zod';
import type { Alarm } from '../tcp/alarms.ts';
import { whole } from './fields.ts';
import { defineToxic, type Stage } from './toxic.ts';

/**
 * A black hole. What has come is lost, so a connection that it has touched does not outlive it. As in Toxiproxy 2.12.0 (toxics/timeout.go)
 * each chunk that comes starts the time-out anew, and so does an update.
 */
export const timeout = defineToxic({
  type: 'timeout',
  summary: 'Swallows all bytes, and closes the connection after a time-out.',
  attributes: z.object({
    timeout: whole(
      'The connection is closed when nothing has come for so long, milliseconds; 0 or less: only when the toxic is removed.',
    ),
  }),
  open({ timeout: forMs }, { after, landed, close }): Stage {
    let alarm: Alarm | undefined;
    const wait = () => {
      alarm?.cancel();
      if (forMs > 0) alarm = after(forMs, close);
    };
    wait();
    return {
      write() {
        landed();
        wait();
      },
      end() {
        alarm?.cancel();
        close();
      },
      carry: () => true,
      release(why) {
        alarm?.cancel();
        if (why === 'removed') close();
      },
    };
  },
});
