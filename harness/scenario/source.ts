import type { DocumentPath } from './problem.ts';

/** A place in a file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something that keeps a file from being read at all. */
export interface SyntaxProblem {
  readonly message: string;
  readonly position?: Position | undefined;
}

/** A scenario file that was read: what it holds, and where each piece of it stands. */
export type Source =
  | {
      readonly content: unknown;
      /** Position of the value at the path, or of its name; of the nearest thing around it when there is no such value. */
      locate(path: DocumentPath, isAboutKey: boolean): Position | undefined;
      readonly syntaxProblems?: never;
    }
  | { readonly syntaxProblems: readonly SyntaxProblem[] };
