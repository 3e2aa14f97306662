import { z } from 'zod';
import { whole } from './fields.ts';
import { defineToxic, type Stage } from './toxic.ts';

/** The count goes on over an update; a limit that has been passed by then closes the connection with the next bytes. */
export const limitData = defineToxic({
  type: 'limit_data',
  summary: 'Closes the connection after so many bytes.',
  attributes: z.object({ bytes: whole('Bytes that pass before the connection is closed.') }),
  open({ bytes: limit }, { next, carried, landed, close }): Stage {
    let passed = (carried as number | undefined) ?? 0;
    let isClosed = false;
    return {
      write(bytes) {
        if (isClosed) return;
        const size = Math.min(bytes.length, Math.max(0, limit - passed));
        passed += size;
        if (size > 0) next.write(bytes.subarray(0, size));
        if (passed < limit) return;
        isClosed = true;
        landed();
        close();
      },
      end() {
        if (!isClosed) next.end();
      },
      carry: () => passed,
      release: () => undefined,
    };
  },
});
