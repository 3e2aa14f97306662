import type { LoadedModel, ModelFiles } from '../../../../mocks/models/runtime.ts';
import { sha256Hex } from '../../fetch/sha256.ts';

/** Models that are kept: the same files come in run after run. */
const MAX_KEPT = 256;

/** Files of models, each made to a model once in a thread's life; time stands still while that is done. */
export const createSimModelFiles = (files: ModelFiles, hold: <Result>(work: Promise<Result>) => Promise<Result>): ModelFiles => {
  const kept = new Map<string, Promise<LoadedModel>>();

  const load = (bytes: Uint8Array): Promise<LoadedModel> => {
    const digest = sha256Hex(bytes);
    const loading = kept.get(digest) ?? files.load(bytes);
    // As it is used it comes last; the first is the one that nobody has asked for the longest.
    kept.delete(digest);
    kept.set(digest, loading);
    loading.catch(() => kept.delete(digest));
    const [oldest] = kept;
    if (kept.size > MAX_KEPT && oldest) {
      kept.delete(oldest[0]);
      oldest[1].then((model) => model.release()).catch(() => undefined);
    }
    return loading;
  };

  return {
    read: files.read,
    async load(bytes) {
      const { predict } = await hold(load(bytes));
      return { predict, release: async () => undefined };
    },
  };
};
