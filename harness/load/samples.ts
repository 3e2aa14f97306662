import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SquallError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';

/** One held-out sample: none of the models was trained on it. */
export interface Sample {
  /** 64 intensities 0..16, row by row. */
  readonly pixels: readonly number[];
  /** The digit that the data set says it is, 0..9. */
  readonly label: number;
}

/** Which data set each model was trained on: models of one data set share its held-out samples. */
const SAMPLE_FILES: Readonly<Record<string, string>> = {
  digits: 'digits-samples.json',
  'digits-small': 'digits-samples.json',
};

/**
 * The held-out samples that a model's accuracy is measured on, in the file's order.
 * @throws {SquallError} `NOT_FOUND` for a model that has none
 */
export const loadSamples = (model: string): readonly Sample[] => {
  const file = Object.hasOwn(SAMPLE_FILES, model) ? SAMPLE_FILES[model] : undefined;
  if (file === undefined) {
    throw new SquallError(
      'NOT_FOUND',
      `There are no samples for the model ${model}.`,
      `Models with samples: ${Object.keys(SAMPLE_FILES).join(', ')}.`,
    );
  }
  const path = join(packageRoot, 'mocks', 'models', file);
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { samples: readonly Sample[] }).samples;
  } catch (error) {
    throw new SquallError(
      'NOT_FOUND',
      `${path} cannot be read as samples: ${error instanceof Error ? error.message : error}.`,
      'Install squall again, or write the file again with scripts/train-digits.',
    );
  }
};
