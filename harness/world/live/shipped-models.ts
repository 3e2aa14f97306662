import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { packageRoot } from '../../package-root.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';

const MODEL_FILE = '.onnx';

/** A runtime with every ONNX model that ships: services of the clouds ask for them by name. The models of text need none. */
export const loadShippedModels = (): Promise<ModelRuntime> =>
  createOnnxRuntime(
    readdirSync(join(packageRoot, 'mocks', 'models'))
      .filter((file) => extname(file) === MODEL_FILE)
      .map((file) => basename(file, MODEL_FILE)),
  );
