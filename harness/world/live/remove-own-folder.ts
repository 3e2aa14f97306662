import { rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Removes the folder of one node of a run whose squall is gone; the last of them removes the run's. */
export const removeOwnFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  try {
    rmdirSync(dirname(folder));
  } catch {
    // Others have theirs in it.
  }
};
