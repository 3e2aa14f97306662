import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const tscPackage = createRequire(import.meta.url).resolve('typescript/package.json');
const dist = join(root, 'dist');
const fresh = join(root, `dist.${process.pid}.new`);
const stale = join(root, `dist.${process.pid}.old`);

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

// Built beside and swapped: a file left over from a deleted source is not published, and a run that is under way finds its modules.
try {
  const tsc = join(dirname(tscPackage), 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], { cwd: root, stdio: 'inherit' });
  try {
    renameSync(dist, stale);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  renameSync(fresh, dist);
} catch (error) {
  // The compiler has said what is wrong.
  process.exitCode = (error as { status?: number }).status ?? 1;
  if (!('status' in (error as object))) throw error;
} finally {
  remove(fresh);
  remove(stale);
}
