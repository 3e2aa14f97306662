import model from './embedding.json' with { type: 'json' };
import { bucketOf, int8FromBase64, wordsOf } from './tokens.ts';

/** Length of an embedding. */
export const EMBEDDING_DIMENSIONS = model.dimensions;

let projection: Int8Array | undefined;

/**
 * A text as a vector of length 1: latent semantic analysis, that is the logarithms of its hashed words' counts, weighted by rarity, projected
 * on the 64 leading directions of the training texts (mocks/models/README.md). All zeros for a text without a word.
 * Texts about the same have a larger dot product; it is no transformer, and knows nothing of word order.
 */
export const embedText = (text: string): number[] => {
  projection ??= int8FromBase64(model.projection);
  const counts = new Map<number, number>();
  for (const word of wordsOf(text)) {
    const bucket = bucketOf(word, model.buckets);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  const vector = new Array<number>(EMBEDDING_DIMENSIONS).fill(0);
  for (const [bucket, count] of counts) {
    const weight = 1 + Math.log(count);
    for (let index = 0; index < EMBEDDING_DIMENSIONS; index++) {
      vector[index] = (vector[index] ?? 0) + weight * (projection[bucket * EMBEDDING_DIMENSIONS + index] ?? 0);
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((part) => part / length);
};
