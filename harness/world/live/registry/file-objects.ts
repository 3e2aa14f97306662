import { join } from 'node:path';
import type { BackupStore } from '../../../serving/registry/store.ts';
import { listFiles, readIfThere, removeFile, writeDurably } from './durable-file.ts';

/** Objects as files. @param folder made when it is needed */
export const openFileObjects = (folder: string): BackupStore => ({
  write: (name, bytes) => writeDurably(join(folder, name), bytes),
  read: (name) => readIfThere(join(folder, name)),
  list: () => listFiles(folder),
  remove: (name) => removeFile(folder, name),
});
