import model from './sentiment.json' with { type: 'json' };
import { bucketOf, dropSpentNegations, int8FromBase64, wordsWithNegation } from './tokens.ts';

export type Sentiment = 'negative' | 'neutral' | 'positive';

export interface SentimentPrediction {
  readonly label: Sentiment;
  /** Probability of each; they sum to 1. */
  readonly scores: Readonly<Record<Sentiment, number>>;
}

interface Weights {
  /** Pairs, negative then positive, in steps. */
  readonly weights: Int8Array;
  /** Words with a rating of their own, -4..4. */
  readonly ratings: ReadonlyMap<string, number>;
}

let loaded: Weights | undefined;

/** Unpacked once, when the first text comes. */
const load = (): Weights => {
  if (loaded) return loaded;
  const tenths = int8FromBase64(model.ratings);
  const ratings = new Map(model.words.split(' ').map((word, index) => [word, (tenths[index] ?? 0) / 10]));
  loaded = { weights: int8FromBase64(model.weights), ratings };
  return loaded;
};

/**
 * The sentiment of an English text: logistic regression on its hashed words and pairs of words, and on the sum of its words' ratings; what is
 * weak evidence, and all the more where no word is rated, is neutral (mocks/models/README.md). The same text always gives the same numbers. A text without a word is neutral.
 */
export const classifySentiment = (text: string): SentimentPrediction => {
  const { weights, ratings } = load();
  const words = dropSpentNegations(wordsWithNegation(text), (word) => (ratings.get(word) ?? 0) !== 0);
  if (words.length === 0) return { label: 'neutral', scores: { negative: 0, neutral: 1, positive: 0 } };
  const features = words.map(({ word, isNegated }) => (isNegated ? `not_${word}` : word));
  const buckets = new Set(features.map((feature) => bucketOf(feature, model.buckets)));
  for (let index = 1; index < features.length; index++) {
    buckets.add(bucketOf(`${features[index - 1]} ${features[index]}`, model.buckets));
  }
  let [negativeSteps, positiveSteps] = [0, 0];
  for (const bucket of buckets) {
    negativeSteps += weights[bucket * 2] ?? 0;
    positiveSteps += weights[bucket * 2 + 1] ?? 0;
  }
  const distinct = new Map(words.map((each, index) => [features[index] ?? '', each]));
  let rating = 0;
  let isRated = false;
  for (const { word, isNegated } of distinct.values()) {
    const own = ratings.get(word) ?? 0;
    rating += own * (isNegated ? model.negated : 1);
    isRated ||= own !== 0;
  }

  const norm = Math.sqrt(buckets.size) || 1;
  const scoreOf = (label: 0 | 1, steps: number): number =>
    (model.bias[label] ?? 0) + (steps * model.step + rating * (model.ratingWeights[label] ?? 0)) / norm;
  const neutral = isRated ? model.neutral.rated : model.neutral.unrated;
  return predictionOf(scoreOf(0, negativeSteps), neutral, scoreOf(1, positiveSteps));
};

/** Softmax; of equals, neutral is the label. */
const predictionOf = (negative: number, neutral: number, positive: number): SentimentPrediction => {
  const highest = Math.max(negative, neutral, positive);
  const parts = [negative, neutral, positive].map((score) => Math.exp(score - highest));
  const sum = parts.reduce((total, part) => total + part, 0);
  const [ofNegative = 0, ofNeutral = 0, ofPositive = 0] = parts.map((part) => part / sum);
  const scores = { negative: ofNegative, neutral: ofNeutral, positive: ofPositive };
  const label = highest === neutral ? 'neutral' : negative > positive ? 'negative' : 'positive';
  return { label, scores };
};
