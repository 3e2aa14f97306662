import type { ModelRuntime } from '../../models/runtime.ts';
import { ImageError, type ImageProblem } from '../../models/vision/image.ts';
import { recognizeDigit } from '../../models/vision/recognize.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import { CognitiveError, invalidRequest } from './errors.ts';

/** Limits of an image. Source: README of the Image Analysis SDKs, and "What is Image Analysis?", input requirements; read November 2026. */
const MAX_BYTES = 20 * 1024 * 1024;
const MIN_SIDE = 50;
const MAX_SIDE = 16_000;

/** The version of the model behind it, which is squall's own (mocks/models/README.md). */
const MODEL_VERSION = '2026-11-01';

/** All that the service knows, and what this one can do: see tags. */
const FEATURES = ['tags', 'caption', 'densecaptions', 'objects', 'read', 'smartcrops', 'people'];
const SUPPORTED = 'tags';

/** Tags less likely than this are left out. */
const LEAST_CONFIDENCE = 0.1;

/** Names of what is wrong with an image. Source: "Call the Image Analysis API", error codes; read November 2026. */
const PROBLEMS: Readonly<Record<ImageProblem, string>> = {
  empty: 'InvalidImageFormat',
  'unsupported-format': 'InvalidImageFormat',
  malformed: 'InvalidImageFormat',
  'too-many-bytes': 'InvalidImageSize',
  'too-many-pixels': 'InvalidImageSize',
  'too-small': 'InvalidImageSize',
  'too-wide': 'InvalidImageSize',
};

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
  const language = searchParams.get('language') ?? 'en';
  if (language !== 'en') throw invalidRequest('NotSupportedLanguage', `The input language '${language}' is not supported.`);
  const version = searchParams.get('model-version') ?? 'latest';
  if (version !== 'latest' && version !== MODEL_VERSION) {
    throw invalidRequest('InvalidModelVersion', `The model version '${version}' is not valid.`);
  }
};

/** The image of a request. An image by its URL is out of reach: emulators reach nothing outside. */
const readImage = async (request: Request): Promise<Uint8Array> => {
  const contentType = request.headers.get('content-type') ?? '';
  const bytes = await readBytes(request, MAX_BYTES);
  if (!bytes) throw invalidRequest('InvalidImageSize', `The image is larger than ${MAX_BYTES} bytes.`);
  if (/^application\/octet-stream\b/i.test(contentType)) return bytes;
  if (!/^application\/json\b/i.test(contentType)) {
    throw new CognitiveError(415, 'InvalidRequest', `The content type '${contentType}' is not supported.`, {
      inner: 'UnsupportedMediaType',
    });
  }
  try {
    const body = JSON.parse(new TextDecoder().decode(bytes)) as { readonly url?: unknown } | null;
    if (typeof body?.url !== 'string' || !URL.canParse(body.url)) throw new TypeError('not a URL');
  } catch {
    throw invalidRequest('InvalidImageUrl', 'Image URL is badly formatted.');
  }
  throw invalidRequest('InvalidImageUrl', 'Image URL is not accessible.');
};

/**
 * Analyzes an image: which digit it shows, as tags.
 * @throws {CognitiveError}
 */
export const analyzeImage = async (request: Request, url: URL, models: ModelRuntime): Promise<Response> => {
  checkParameters(url);
  const image = await readImage(request);
  try {
    const limits = { maxBytes: MAX_BYTES, minSide: MIN_SIDE, maxSide: MAX_SIDE };
    const { width, height, labels } = await recognizeDigit(models, image, limits);
    const values = labels
      .filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)
      .map(({ name, confidence }) => ({ name: name.toLowerCase(), confidence }));
    return Response.json({ modelVersion: MODEL_VERSION, metadata: { width, height }, tagsResult: { values } });
  } catch (error) {
    if (error instanceof ImageError) throw invalidRequest(PROBLEMS[error.problem], error.message);
    throw error;
  }
};
