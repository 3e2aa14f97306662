import type { Design } from './config.ts';
import { Cancelled, LinkError } from './errors.ts';

/** Errors that tell of a dead link, whoever meets them. */
const DEAD: readonly string[] = ['connection', 'unavailable', 'timeout'];

/** A refused credential tells against the link only where nothing is done about it. */
export const failureTest =
  (design: Design) =>
  (error: unknown): boolean =>
    error instanceof LinkError
      ? DEAD.includes(error.kind) || (error.kind === 'credential' && design.credentialRefresh === false)
      : error instanceof Cancelled && error.cancelledBy === 'overtaken';

/** A check that the credential did not pass says nothing of the link; where credentials are refreshed, that is for the refresh to mend. */
export const checkVerdict =
  (design: Design) =>
  (error: unknown): boolean | null => {
    if (failureTest(design)(error)) return false;
    return error instanceof LinkError && error.kind !== 'credential' ? true : null;
  };

/**
 * A request's deadline tells against a link only if the link had much of it: neither an attempt that began late, nor a caller who
 * gives no time, says anything of the link.
 */
export const blameForDeadline = (error: unknown, elapsedMs: number, design: Design): unknown =>
  error instanceof Cancelled &&
  error.cancelledBy === 'deadline' &&
  design.deadlineMs !== false &&
  elapsedMs >= design.deadlineMs / 2
    ? new LinkError('timeout', `No answer in ${Math.round(elapsedMs)} ms.`, { cause: error })
    : error;

/** How long the link took at least, when it did not answer. */
export const tellsOfSlowness = (error: unknown): boolean =>
  error instanceof LinkError ? error.kind === 'timeout' : error instanceof Cancelled && error.cancelledBy === 'overtaken';
