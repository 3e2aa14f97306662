import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.ts';
import { type Mutation, mutate } from './mutation.ts';

/** All that a simulated run is made of. */
const PARTS = ['harness', 'mocks', 'scenarios', 'scripts', 'package.json'];

/** A copy of the repository that may be broken. */
export interface Copy {
  readonly folder: string;
  /** Runs a task while the copy has the mutation. */
  with<Result>(mutation: Mutation, task: () => Promise<Result>): Promise<Result>;
  remove(): void;
}

/** The dependencies are the repository's own. */
export const createCopy = (): Copy => {
  const folder = mkdtempSync(join(tmpdir(), 'squall-mutations-'));
  for (const part of PARTS) cpSync(join(packageRoot, part), join(folder, part), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    folder,
    async with(mutation, task) {
      const path = join(folder, mutation.file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, mutate(source, mutation));
      try {
        return await task();
      } finally {
        writeFileSync(path, source);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
