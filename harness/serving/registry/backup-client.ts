import { openScope, untilAborted } from '../abort.ts';
import type { BackupStore } from './store.ts';

/** A call that is not answered by then has failed. */
const TIMEOUT_MS = 2000;

/** The store of a backup node. Every call rejects when that does not answer, or answers that it cannot. */
export const createBackupClient = (origin: string, token: string, fetch: typeof globalThis.fetch): BackupStore => {
  const call = async (
    path: string,
    init: RequestInit = {},
  ): Promise<{ readonly isThere: boolean; readonly bytes: Uint8Array }> => {
    const reason = () => new Error(`The backup did not answer in ${TIMEOUT_MS} ms.`);
    const scope = openScope(new AbortController().signal, { ms: TIMEOUT_MS, reason });
    const work = async () => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${origin}/objects${path}`, { ...init, headers, signal: scope.signal });
      const bytes = await response.bytes();
      if (!response.ok && response.status !== 404) throw new Error(`The backup answered ${response.status}.`);
      return { isThere: response.ok, bytes };
    };
    try {
      return await untilAborted(work(), scope.signal);
    } finally {
      scope.close();
    }
  };

  return {
    async write(name, bytes) {
      await call(`/${name}`, { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer> });
    },
    async read(name) {
      const { isThere, bytes } = await call(`/${name}`);
      return isThere ? bytes : null;
    },
    list: async () => JSON.parse(new TextDecoder().decode((await call('')).bytes)) as readonly string[],
    async remove(name) {
      await call(`/${name}`, { method: 'DELETE' });
    },
  };
};
