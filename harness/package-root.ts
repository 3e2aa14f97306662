import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const isSquall = (folder: string): boolean => {
  const file = join(folder, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown }).name === 'squall';
};

const findRoot = (start: string): string => {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isSquall(folder)) return folder;
    if (folder === dirname(folder)) throw new Error(`squall's package.json is in no folder above ${start}`);
  }
};

/**
 * Absolute path of squall's own package, where scenarios and models lie: the nearest folder upwards with its package.json.
 * The code runs from source and from `dist/`, one level deeper, so the distance is not fixed.
 */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));
