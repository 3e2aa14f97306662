import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { packageRoot } from '../../harness/package-root.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';

const MODEL_FILE = '.onnx';

let loaded: Promise<ModelRuntime> | undefined;

/** Every model that ships, loaded once for all test files of a worker. */
export const loadModels = (): Promise<ModelRuntime> => {
  loaded ??= createOnnxRuntime(
    readdirSync(join(packageRoot, 'mocks', 'models'))
      .filter((file) => extname(file) === MODEL_FILE)
      .map((file) => basename(file, MODEL_FILE)),
  );
  return loaded;
};
