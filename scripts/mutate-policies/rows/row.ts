import type { Mutation } from '../mutation.ts';

/** Rows of one policy, or of a part of it, whose code is in one file. */
export const rowsOf =
  (policy: string, file: string) =>
  (id: string, find: string, replace: string, breaks: string, turns: string): Mutation => ({
    id,
    policy,
    file,
    find,
    replace,
    breaks,
    turns,
  });
