import type { Flow } from '../../toxics/toxic.ts';
import type { BodyStage } from './fault.ts';
import { createMark, type MarkSettings } from './mark.ts';

/**
 * Lets a body pass as far as the mark, then calls once; what comes after goes to the flow that the call gives.
 * @param release lets go what that flow holds
 */
export const atMark = (
  settings: MarkSettings,
  next: Flow,
  reached: () => Flow,
  release: () => void = () => undefined,
): BodyStage => {
  const mark = createMark(settings);
  let after: Flow | undefined;
  return {
    write(bytes) {
      if (after) return after.write(bytes);
      if (mark.isAtStart) {
        after = reached();
        return after.write(bytes);
      }
      const offset = mark.offsetIn(bytes);
      if (offset > bytes.length) return next.write(bytes);
      next.write(bytes.subarray(0, offset));
      after = reached();
      if (offset < bytes.length) after.write(bytes.subarray(offset));
    },
    end() {
      // An empty body has its start too.
      if (!after && mark.isAtStart) after = reached();
      (after ?? next).end();
    },
    release() {
      // A mark that is still to come means nothing any more.
      after ??= next;
      release();
    },
  };
};

/** Swallows. */
export const NOWHERE: Flow = { write: () => undefined, end: () => undefined };
