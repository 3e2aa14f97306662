import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Names that a file is written under before it has its own. */
const UNFINISHED = '.part';

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Writes a file whole or not at all, and for good once it resolves: under another name, to the disk, then renamed, and the folder to the disk. */
export const writeDurably = async (path: string, bytes: Uint8Array): Promise<void> => {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.${process.hrtime.bigint().toString(36)}${UNFINISHED}`;
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, path);
  await sync(folder);
};

const nothing = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};

/** @returns null when there is none */
export const readIfThere = async (path: string): Promise<Uint8Array | null> => {
  const bytes = await readFile(path).catch(nothing);
  return bytes && new Uint8Array(bytes);
};

/** Names of the files in a folder, without those that were never finished. */
export const listFiles = async (folder: string): Promise<readonly string[]> => {
  const names = (await readdir(folder).catch(nothing)) ?? [];
  return names.filter((name) => !name.endsWith(UNFINISHED));
};

export const removeFile = (folder: string, name: string): Promise<void> => rm(join(folder, name), { force: true });
