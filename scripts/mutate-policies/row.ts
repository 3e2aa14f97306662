import type { Mutation } from './mutation.ts';

/** A mutation as a row of the table in docs/policies.md. */
export const rowOf = ({ policy, breaks, turns }: Mutation): string => `| ${policy} | ${breaks} | ${turns} |`;

/** The table's head, in Markdown. */
export const TABLE_HEAD = '| policy | taken away | turns |\n| --- | --- | --- |';
