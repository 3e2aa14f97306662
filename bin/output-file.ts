import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SquallError } from '../harness/errors.ts';

/** A file that a flag names, for something that is known only at the end. */
export interface OutputFile {
  readonly path: string;
  /** @throws {SquallError} `BAD_FLAG` when it cannot be written after all */
  write(text: string): void;
}

const refusal = (flag: string, path: string, error: unknown): SquallError =>
  new SquallError(
    'BAD_FLAG',
    `${flag}: can't write ${path}: ${error instanceof Error ? error.message : error}.`,
    'Name a file in a folder that exists and can be written.',
  );

/**
 * Looks whether a file can be written, so that nobody finds out after minutes of work. Nothing is made.
 * @throws {SquallError} `BAD_FLAG`
 */
export const outputFile = (flag: string, path: string): OutputFile => {
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw new Error('it is a folder');
    accessSync(existing ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw refusal(flag, path, error);
  }
  return {
    path,
    write(text) {
      try {
        writeFileSync(path, text);
      } catch (error) {
        throw refusal(flag, path, error);
      }
    },
  };
};
