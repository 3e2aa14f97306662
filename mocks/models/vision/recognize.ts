import type { ModelRuntime } from '../runtime.ts';
import { digitInput } from './digit-input.ts';
import { decodeImage, type ImageLimits } from './image.ts';

/** One of the things that a picture may show. */
export interface Label {
  /** In words, e.g. `Four`. */
  readonly name: string;
  readonly digit: number;
  /** 0..1; those of all ten digits sum to 1. */
  readonly confidence: number;
}

export interface Recognition {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly format: 'png' | 'jpeg';
  /** All ten digits, likeliest first; none for a blank picture. */
  readonly labels: readonly Label[];
}

export const DIGIT_NAMES = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'] as const;

/**
 * Which digit a PNG or JPEG shows.
 * @param model name of a digits model in the runtime
 * @throws {ImageError} when the image is unreadable or breaks a limit
 */
export const recognizeDigit = async (
  models: ModelRuntime,
  bytes: Uint8Array,
  limits: Partial<ImageLimits> = {},
  model = 'digits',
): Promise<Recognition> => {
  const image = decodeImage(bytes, limits);
  const { width, height, format } = image;
  const input = digitInput(image);
  if (input === null) return { width, height, format, labels: [] };
  const [prediction] = await models.predict(model, [input]);
  const labels = DIGIT_NAMES.map((name, digit) => ({ name, digit, confidence: prediction?.probabilities[digit] ?? 0 }));
  return { width, height, format, labels: labels.sort((one, other) => other.confidence - one.confidence) };
};
