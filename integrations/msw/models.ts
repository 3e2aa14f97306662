import { loadShippedModels } from '../../harness/world/live/shipped-models.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';

let loaded: Promise<ModelRuntime> | undefined;

/** Every model that ships, loaded once for all test files of a worker. */
export const loadModels = (): Promise<ModelRuntime> => {
  loaded ??= loadShippedModels();
  return loaded;
};
