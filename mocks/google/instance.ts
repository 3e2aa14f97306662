import { ModelInputError } from '../models/runtime.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A list, also where it comes as `{"0": ..., "1": ...}`: the REST transport of google-gax 6.17 spells a list within a list so
 * (`transcoding.js`, `deepCopyWithoutMatchedFields` copies it into an object).
 */
const asList = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key], index) => key === String(index))
    ? entries.map(([, item]) => item)
    : undefined;
};

/**
 * One instance as the model's container takes it: the row itself, or keyed by the name of the model's input, `{"pixels": [...]}`.
 * @throws {ModelInputError}
 */
export const readInstance = (instance: unknown, index: number): readonly number[] => {
  const row = asList(isObject(instance) && 'pixels' in instance ? instance.pixels : instance);
  if (row?.every(isNumber)) return row;
  throw new ModelInputError(`instance ${index} is not a list of numbers, nor {"pixels": [...]}`);
};
