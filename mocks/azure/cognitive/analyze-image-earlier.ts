import type { ModelRuntime } from '../../models/runtime.ts';
import { type Recognition, recognizeDigit } from '../../models/vision/recognize.ts';
import { invalidRequest } from './errors.ts';
import { checkModel, imageRefusal, LEAST_CONFIDENCE, MODEL_VERSION, readImage } from './image-input.ts';

/** Limits of an image: less than 4 MB, 50 pixels each way. Source: reference of Computer Vision 3.2, as we know it; looked up nowhere. */
const LIMITS = { maxBytes: 4 * 1024 * 1024, minSide: 50, maxSide: 16_000 };

/** All that the service knows (models of @azure/cognitiveservices-computervision 8.2.0), and what it looks for when it is told nothing. */
const FEATURES = ['imagetype', 'faces', 'adult', 'categories', 'color', 'tags', 'description', 'objects', 'brands'];
const DEFAULT_FEATURE = 'Categories';

const MAX_CANDIDATES = 10;

type Labels = Recognition['labels'];

const tagsOf = (labels: Labels) => labels.map(({ name, confidence }) => ({ name: name.toLowerCase(), confidence }));

const describe = (labels: Labels, candidates: number) => ({
  tags: labels.map(({ name }) => name.toLowerCase()),
  captions: labels.slice(0, candidates).map(({ name, confidence }) => ({ text: `the digit ${name.toLowerCase()}`, confidence })),
});

/** What the models behind it can answer: which digit it is, as tags and in words. */
const ANSWERS: Readonly<Record<string, (labels: Labels) => object>> = {
  tags: (labels) => ({ tags: tagsOf(labels) }),
  description: (labels) => ({ description: describe(labels, 1) }),
};

/** @throws {CognitiveError} for a feature that is none, or one that these models cannot give */
const readFeatures = (searchParams: URLSearchParams): readonly string[] => {
  const asked = (searchParams.get('visualFeatures') || DEFAULT_FEATURE).split(',').map((feature) => feature.trim());
  for (const feature of asked) {
    if (!FEATURES.includes(feature.toLowerCase())) {
      throw invalidRequest('NotSupportedVisualFeature', `Specified feature type '${feature}' is not valid.`);
    }
    if (!Object.hasOwn(ANSWERS, feature.toLowerCase())) {
      throw invalidRequest('NotSupportedFeature', `The feature '${feature}' is not supported in this region.`);
    }
  }
  if (searchParams.get('details')) throw invalidRequest('InvalidDetails', 'The domain models are not supported in this region.');
  return asked.map((feature) => feature.toLowerCase());
};

const readCandidates = (searchParams: URLSearchParams): number => {
  const candidates = Number(searchParams.get('maxCandidates') ?? 1);
  if (Number.isInteger(candidates) && candidates >= 1 && candidates <= MAX_CANDIDATES) return candidates;
  throw invalidRequest('BadArgument', `maxCandidates is 1 to ${MAX_CANDIDATES}.`);
};

/** Reads the image of a request, and answers by what it shows. */
const answer = async (request: Request, models: ModelRuntime, of: (labels: Labels) => object): Promise<Response> => {
  const image = await readImage(request, LIMITS);
  try {
    const { width, height, format, labels } = await recognizeDigit(models, image, LIMITS);
    return Response.json({
      ...of(labels.filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)),
      requestId: crypto.randomUUID(),
      metadata: { width, height, format: format === 'png' ? 'Png' : 'Jpeg' },
      modelVersion: MODEL_VERSION,
    });
  } catch (error) {
    throw imageRefusal(error);
  }
};

/** Operations of Computer Vision 3.2, each throws a `CognitiveError`. */
export const EARLIER_IMAGE_OPERATIONS: Readonly<
  Record<'analyze' | 'tag' | 'describe', (request: Request, url: URL, models: ModelRuntime) => Promise<Response>>
> = {
  analyze(request, { searchParams }, models) {
    const features = readFeatures(searchParams);
    checkModel(searchParams);
    return answer(request, models, (labels) => Object.assign({}, ...features.map((feature) => ANSWERS[feature]?.(labels))));
  },
  tag(request, { searchParams }, models) {
    checkModel(searchParams);
    return answer(request, models, (labels) => ({ tags: tagsOf(labels) }));
  },
  describe(request, { searchParams }, models) {
    const candidates = readCandidates(searchParams);
    checkModel(searchParams);
    return answer(request, models, (labels) => ({ description: describe(labels, candidates) }));
  },
};
