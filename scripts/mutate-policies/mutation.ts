/** One change of the serving stack's source that takes a policy, or a part of it, away. */
export interface Mutation {
  /** Unique; kebab case. */
  readonly id: string;
  /** The policy as docs/policies.md names it. */
  readonly policy: string;
  /** From the repository's root. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What the stack does then, one sentence. */
  readonly breaks: string;
  /** Shipped scenario whose good design fails then. */
  readonly turns: string;
}

/** Source with the mutation. @throws {Error} when the text does not stand there exactly once: the table is older than the source */
export const mutate = (source: string, { id, file, find, replace }: Mutation): string => {
  const [before, ...after] = source.split(find);
  if (after.length === 1) return `${before}${replace}${after[0]}`;
  const times = after.length === 0 ? 'not' : `${after.length} times`;
  throw new Error(`Mutation ${id}: its text stands ${times} in ${file}, expected once: ${JSON.stringify(find)}`);
};
