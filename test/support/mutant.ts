import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.ts';

/** What the command needs to run from its source. */
const SOURCES = ['bin', 'harness', 'mocks', 'reports', 'scenarios', 'index.ts', 'package.json'];

/** A change of one file: the text is replaced, and must be there. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of squall with something broken in it. */
export interface Mutant {
  readonly path: string;
  remove(): void;
}

/** @throws {Error} when the text to replace is not there: the mutation would change nothing */
export const createMutant = (mutations: readonly Mutation[]): Mutant => {
  const path = mkdtempSync(join(tmpdir(), 'squall-mutant-'));
  for (const source of SOURCES) cpSync(join(packageRoot, source), join(path, source), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(path, 'node_modules'), 'dir');
  for (const { file, from, to } of mutations) {
    const text = readFileSync(join(path, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not have the text to replace: ${from}`);
    writeFileSync(join(path, file), text.replace(from, to));
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
