import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryState } from '../../../serving/registry/log.ts';
import type { RegistryStore } from '../../../serving/registry/store.ts';
import { sha256Hex } from '../../fetch/sha256.ts';
import { listFiles, readIfThere, writeDurably } from './durable-file.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A replica's state in a file that begins with its own digest, and its artifacts in a file each. @param folder made when it is needed */
export const openFileStore = (folder: string): RegistryStore => {
  const statePath = join(folder, 'state');
  const artifacts = join(folder, 'artifacts');
  return {
    async readState() {
      const bytes = await readIfThere(statePath);
      const [digest, text] = bytes ? decoder.decode(bytes).split('\n') : [];
      return text !== undefined && sha256Hex(text) === digest ? (JSON.parse(text) as RegistryState) : null;
    },
    writeState(state) {
      const text = JSON.stringify(state);
      return writeDurably(statePath, encoder.encode(`${sha256Hex(text)}\n${text}`));
    },
    readArtifact: (digest) => readIfThere(join(artifacts, digest)),
    writeArtifact: (digest, bytes) => writeDurably(join(artifacts, digest), bytes),
    listArtifacts: () => listFiles(artifacts),
    erase: () => rm(folder, { recursive: true, force: true }),
  };
};
