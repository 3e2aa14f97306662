import type { ModelRuntime } from '../../models/runtime.ts';
import { recognizeDigit } from '../../models/vision/recognize.ts';
import { invalidRequest } from './errors.ts';
import { checkModel, imageRefusal, LEAST_CONFIDENCE, MODEL_VERSION, readImage } from './image-input.ts';

/** Limits of an image. Source: README of the Image Analysis SDKs, and "What is Image Analysis?", input requirements; read November 2026. */
const LIMITS = { maxBytes: 20 * 1024 * 1024, minSide: 50, maxSide: 16_000 };

/** All that the service knows, and what this one can do: see tags. */
const FEATURES = ['tags', 'caption', 'densecaptions', 'objects', 'read', 'smartcrops', 'people'];
const SUPPORTED = 'tags';

const checkParameters = ({ searchParams }: URL): void => {
  const features = (searchParams.get('features') ?? '').split(',').filter(Boolean);
  if (features.length === 0) throw invalidRequest('InvalidParameter', 'At least one visual feature must be specified.');
  for (const feature of features) {
    if (!FEATURES.includes(feature.toLowerCase())) {
      throw invalidRequest('NotSupportedVisualFeature', `Specified feature type '${feature}' is not valid.`);
    }
    if (feature.toLowerCase() !== SUPPORTED) {
      throw invalidRequest('NotSupportedFeature', `The feature '${feature}' is not supported in this region.`);
    }
  }
  checkModel(searchParams);
};

/**
 * Analyzes an image: which digit it shows, as tags.
 * @throws {CognitiveError}
 */
export const analyzeImage = async (request: Request, url: URL, models: ModelRuntime): Promise<Response> => {
  checkParameters(url);
  const image = await readImage(request, LIMITS);
  try {
    const { width, height, labels } = await recognizeDigit(models, image, LIMITS);
    const values = labels
      .filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)
      .map(({ name, confidence }) => ({ name: name.toLowerCase(), confidence }));
    return Response.json({ modelVersion: MODEL_VERSION, metadata: { width, height }, tagsResult: { values } });
  } catch (error) {
    throw imageRefusal(error);
  }
};
