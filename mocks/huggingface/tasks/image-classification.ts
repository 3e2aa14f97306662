import type { ModelRuntime } from '../../models/runtime.ts';
import { ImageError } from '../../models/vision/image.ts';
import { recognizeDigit } from '../../models/vision/recognize.ts';
import { HuggingFaceError } from '../errors.ts';
import { countOf, readInputs, readJson } from './body.ts';

/** Digits that an image may show, likeliest first. The image is the body itself, or base64 in `inputs`. */
export const classifyImage = async (request: Request, models: ModelRuntime): Promise<unknown> => {
  const { bytes, topK } = await readImage(request);
  try {
    const { labels } = await recognizeDigit(models, bytes);
    return labels.slice(0, topK).map(({ digit, confidence }) => ({ label: String(digit), score: confidence }));
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new HuggingFaceError(400, `cannot identify image file: ${error.message}`);
  }
};

const TOP_K = 5;

const readImage = async (request: Request): Promise<{ readonly bytes: Uint8Array; readonly topK: number }> => {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return { bytes: new Uint8Array(await request.arrayBuffer()), topK: TOP_K };
  }
  const { inputs, parameters } = readInputs(await readJson(request));
  const topK = countOf(parameters, 'top_k', TOP_K);
  if (typeof inputs !== 'string') throw new HuggingFaceError(400, '`inputs` must be an image in base64');
  try {
    return { bytes: Uint8Array.from(atob(inputs), (character) => character.charCodeAt(0)), topK };
  } catch {
    throw new HuggingFaceError(400, '`inputs` is no base64');
  }
};
