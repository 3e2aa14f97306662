import { CALLER_HEADERS, type Caller, readCaller } from '../caller.ts';
import type { Job } from './job.ts';

/** When the caller gives a job up: milliseconds of `Date.now()`, for a job may wait longer than any process lives. */
export const DEADLINE_AT = 'x-squall-deadline-at-ms';

/** Whom the stack has seen to be the caller when the job came in: its token is not kept, and would not live as long. */
export const SUBJECT = 'x-squall-subject';

/** What a caller says of a request, as the attributes of a job: they travel with it through any broker. */
export const attributesOf = ({ deadlineMs, tenant, priority, subject = '' }: Caller, nowMs: number): Job['attributes'] => ({
  ...(deadlineMs === Number.POSITIVE_INFINITY ? {} : { [DEADLINE_AT]: String(Math.round(nowMs + deadlineMs)) }),
  ...(tenant === '' ? {} : { [CALLER_HEADERS.tenant]: tenant }),
  ...(priority === 'default' ? {} : { [CALLER_HEADERS.priority]: priority }),
  ...(subject === '' ? {} : { [SUBJECT]: subject }),
});

/**
 * The caller of a job, with the time that it still gives: below 1 when it has given up.
 * @throws {BadRequest} for attributes that no door wrote
 */
export const callerOf = ({ attributes }: Job, nowMs: number): Caller => {
  const said = readCaller((name) => attributes[name] ?? null);
  const subject = attributes[SUBJECT];
  const caller = subject === undefined ? said : { ...said, subject };
  const deadlineAtMs = attributes[DEADLINE_AT];
  return deadlineAtMs === undefined ? caller : { ...caller, deadlineMs: Number(deadlineAtMs) - nowMs };
};
