import { BadRequest } from './errors.ts';

/** How much a request matters when not all can be served. */
export type Priority = (typeof PRIORITIES)[number];

/** From what is kept the longest to what is given up first. */
export const PRIORITIES = ['critical', 'default', 'sheddable'] as const;

/** What a caller says of its request, whichever door it comes by. */
export interface Caller {
  /** Milliseconds that it gives the whole request; Infinity when it sets no limit. */
  readonly deadlineMs: number;
  /** On whose behalf; empty when it does not say. */
  readonly tenant: string;
  readonly priority: Priority;
  /** The token that it shows: the header `authorization`; null or left out where there is none. */
  readonly authorization?: string | null;
  /** In place of a token: whom the stack has seen to be the caller before. No door takes it of a caller. */
  readonly subject?: string;
}

/** Request headers, and gRPC metadata. */
export const CALLER_HEADERS = {
  /** A whole number of milliseconds, at least 1. gRPC has `grpc-timeout` beside it. */
  deadline: 'x-squall-deadline-ms',
  /** A name. */
  tenant: 'x-squall-tenant',
  priority: 'x-squall-priority',
} as const;

const DIGITS = /^[1-9]\d{0,8}$/;
/** Names are keys of caches and meters: their length and letters are bounded. */
const TENANT = /^[\w.-]{1,64}$/;

const readDeadlineMs = (header: string | null): number => {
  if (header === null) return Number.POSITIVE_INFINITY;
  if (DIGITS.test(header)) return Number(header);
  throw new BadRequest(
    `${CALLER_HEADERS.deadline} is ${JSON.stringify(header)}; a whole number of milliseconds, at least 1, is expected.`,
  );
};

const readTenant = (header: string | null): string => {
  if (header === null) return '';
  if (TENANT.test(header)) return header;
  throw new BadRequest(
    `${CALLER_HEADERS.tenant} is ${JSON.stringify(header)}; a name of at most 64 letters, digits, dots, dashes and underscores is expected.`,
  );
};

const readPriority = (header: string | null): Priority => {
  if (header === null) return 'default';
  const priority = PRIORITIES.find((name) => name === header);
  if (priority) return priority;
  throw new BadRequest(`${CALLER_HEADERS.priority} is ${JSON.stringify(header)}; one of ${PRIORITIES.join(', ')} is expected.`);
};

/**
 * Reads what a caller says of its request.
 * @param header a header's value, or the metadata's of that name; null when there is none
 * @throws {BadRequest} with the header and what would be right
 */
export const readCaller = (header: (name: string) => string | null): Caller => {
  const authorization = header('authorization');
  return {
    deadlineMs: readDeadlineMs(header(CALLER_HEADERS.deadline)),
    tenant: readTenant(header(CALLER_HEADERS.tenant)),
    priority: readPriority(header(CALLER_HEADERS.priority)),
    ...(authorization === null ? {} : { authorization }),
  };
};
