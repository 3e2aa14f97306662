import { loadSamples } from '../load/samples.ts';
import { createOnnxRuntime } from '../world/live/onnx-runtime.ts';
import type { DoctorCheck } from './check.ts';

const MODELS = ['digits', 'digits-small'] as const;
const SAMPLE_COUNT = 100;
/** Far under what either model scores: below it the file is not the model that was shipped. */
const MINIMUM_ACCURACY = 0.7;

export const modelsCheck: DoctorCheck = {
  name: 'Models',
  async run() {
    try {
      const runtime = await createOnnxRuntime(MODELS);
      const samples = loadSamples('digits').slice(0, SAMPLE_COUNT);
      const scores = await Promise.all(
        MODELS.map(async (model) => {
          const predictions = await runtime.predict(
            model,
            samples.map((sample) => sample.pixels),
          );
          return predictions.filter((prediction, index) => prediction.label === samples[index]?.label).length / samples.length;
        }),
      );
      const detail = MODELS.map((model, index) => `${model} ${Math.round((scores[index] ?? 0) * 100)}%`).join(', ');
      return scores.every((score) => score >= MINIMUM_ACCURACY)
        ? { status: 'ok', detail: `${detail} right on ${samples.length} samples` }
        : { status: 'failed', detail: `accuracy is wrong: ${detail}`, remedy: 'Install squall again: a model file is damaged.' };
    } catch (error) {
      return {
        status: 'failed',
        detail: `models don't load: ${error instanceof Error ? error.message : error}`,
        remedy: 'Install squall again; WebAssembly must be allowed.',
      };
    }
  },
};
