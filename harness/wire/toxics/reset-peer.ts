import { z } from 'zod';
import { whole } from './fields.ts';
import { defineToxic, type Stage } from './toxic.ts';

/**
 * As in Toxiproxy 2.12.0 (toxics/reset_peer.go) the first bytes that come, or the end, are lost and start the clock, and nothing calls the
 * reset off: when the toxic goes before that, it comes at once.
 */
export const resetPeer = defineToxic({
  type: 'reset_peer',
  summary: 'Resets the connection (RST) when something comes, at once or after a time-out.',
  attributes: z.object({ timeout: whole('Time from the first bytes, or the end, to the reset, milliseconds.') }),
  open({ timeout }, { after, landed, reset }): Stage {
    let isComing = false;
    let isDone = false;
    const cut = () => {
      if (isDone) return;
      isDone = true;
      reset();
    };
    const begin = () => {
      if (isComing) return;
      isComing = true;
      landed();
      if (timeout > 0) after(timeout, cut);
      else cut();
    };
    return {
      write: begin,
      end: begin,
      release() {
        if (isComing) cut();
      },
    };
  },
});
