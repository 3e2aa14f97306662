import type { Unimported } from './incident.ts';

/** Counts what is left out by sort, so that a million spans of one sort are one line. */
export interface Skipped {
  /** @param where of the first of its sort */
  add(what: string, why: string, where: string): void;
  list(): readonly Unimported[];
}

export const createSkipped = (): Skipped => {
  const sorts = new Map<string, { readonly what: string; readonly why: string; readonly where: string; count: number }>();
  return {
    add(what, why, where) {
      const sort = `${what}\n${why}`;
      const known = sorts.get(sort);
      if (known) known.count += 1;
      else sorts.set(sort, { what, why, where, count: 1 });
    },
    list: () =>
      [...sorts.values()].map(({ what, why, where, count }) => ({
        what: count === 1 ? what : `${count.toLocaleString('en')} times: ${what}`,
        where: count === 1 ? where : `first at ${where}`,
        why,
      })),
  };
};
