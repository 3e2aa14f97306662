import { ImageError, type ImageLimits, type ImageProblem } from '../../models/vision/image.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import { CognitiveError, invalidRequest } from './errors.ts';

/** The version of the model behind it, which is squall's own (mocks/models/README.md). */
export const MODEL_VERSION = '2026-11-01';

/** Tags less likely than this are left out. */
export const LEAST_CONFIDENCE = 0.1;

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

/** What is said of an image that cannot be read; any other error as it is. */
export const imageRefusal = (error: unknown): unknown =>
  error instanceof ImageError ? invalidRequest(PROBLEMS[error.problem], error.message) : error;

/** Languages and versions of the model. @throws {CognitiveError} */
export const checkModel = (searchParams: URLSearchParams): void => {
  const language = searchParams.get('language') ?? 'en';
  if (language !== 'en') throw invalidRequest('NotSupportedLanguage', `The input language '${language}' is not supported.`);
  const version = searchParams.get('model-version') ?? 'latest';
  if (version !== 'latest' && version !== MODEL_VERSION) {
    throw invalidRequest('InvalidModelVersion', `The model version '${version}' is not valid.`);
  }
};

/**
 * The image of a request. An image by its URL is out of reach: emulators reach nothing outside.
 * @throws {CognitiveError}
 */
export const readImage = async (request: Request, { maxBytes }: Pick<ImageLimits, 'maxBytes'>): Promise<Uint8Array> => {
  const contentType = request.headers.get('content-type') ?? '';
  const bytes = await readBytes(request, maxBytes);
  if (!bytes) throw invalidRequest('InvalidImageSize', `The image is larger than ${maxBytes} bytes.`);
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
