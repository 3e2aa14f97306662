import type { ModelRuntime } from '../../models/runtime.ts';
import { ImageError } from '../../models/vision/image.ts';
import { recognizeDigit } from '../../models/vision/recognize.ts';
import { base64 } from '../base64.ts';

/** An `AnnotateImageRequest` in canonical JSON. */
export interface AnnotateRequest {
  readonly image?: { readonly content?: string; readonly source?: { readonly gcsImageUri?: string; readonly imageUri?: string } };
  readonly features?: readonly { readonly type?: string; readonly maxResults?: number; readonly model?: string }[];
}

/** What one image comes to: labels, or an error of its own beside the others' labels. */
export interface AnnotateResponse {
  readonly labelAnnotations?: readonly { readonly description: string; readonly score: number; readonly topicality: number }[];
  /** `google.rpc.Status`. */
  readonly error?: { readonly code: number; readonly message: string };
}

/** google.rpc.Code. */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;

/** 20 MB an image. Source: cloud.google.com/vision/product-search/quotas, in a copy that was searched in November 2026. */
const LIMITS = { maxBytes: 20 * 1024 * 1024, minSide: 1 };

/** Labels that are less sure are not told, as at Google, whose scores start at a half. */
const LEAST_SCORE = 0.5;
const DEFAULT_RESULTS = 10;

const MODELS: readonly string[] = ['', 'builtin/stable', 'builtin/latest'];

/** Whether a request has an image and says what to look for. */
export const isComplete = ({ image = {}, features = [] }: AnnotateRequest): boolean =>
  features.length > 0 && (image.content !== undefined || image.source !== undefined);

const failed = (code: number, message: string): AnnotateResponse => ({ error: { code, message } });

/**
 * The labels of one image, told by the digits model.
 * Source of `Error opening file` and `We're not allowed to access the URL`, and of their codes: answers of the API as users report them. The words
 * of other errors, but for `Bad image data.`, are squall's own.
 * @param request one that `isComplete`
 */
export const annotate = async (
  { image = {}, features = [] }: AnnotateRequest,
  models: ModelRuntime,
): Promise<AnnotateResponse> => {
  const { content, source } = image;
  const [feature] = features;
  const other = features.find(({ type = 'TYPE_UNSPECIFIED' }) => type !== 'LABEL_DETECTION');
  if (other?.type === undefined && other) return failed(INVALID_ARGUMENT, 'Feature type is not specified.');
  // squall's own words: Google has these features.
  if (other) return failed(UNIMPLEMENTED, `${other.type} is not emulated; LABEL_DETECTION is.`);
  if (!MODELS.includes(feature?.model ?? '')) return failed(INVALID_ARGUMENT, `Unsupported model: ${feature?.model}.`);
  const { maxResults = DEFAULT_RESULTS } = feature ?? {};
  if (maxResults < 0) return failed(INVALID_ARGUMENT, 'max_results must be non-negative.');
  if (content === undefined) {
    const uri = source?.imageUri ?? source?.gcsImageUri ?? '';
    return uri.startsWith('gs://')
      ? failed(NOT_FOUND, `Error opening file: ${uri}.`)
      : failed(
          PERMISSION_DENIED,
          "We're not allowed to access the URL on your behalf. Please download the content and pass it in.",
        );
  }
  try {
    const { labels } = await recognizeDigit(models, base64.decode(content) ?? new Uint8Array(), LIMITS);
    const told = labels.filter(({ confidence }) => confidence >= LEAST_SCORE).slice(0, maxResults || DEFAULT_RESULTS);
    return {
      labelAnnotations: told.map(({ name, confidence }) => ({ description: name, score: confidence, topicality: confidence })),
    };
  } catch (error) {
    if (error instanceof ImageError) return failed(INVALID_ARGUMENT, 'Bad image data.');
    throw error;
  }
};
