import { classifySentiment, type Sentiment } from '../../models/text/sentiment.ts';

/** How offsets into a text are counted; the service's own way is that of .NET's text elements. */
export type StringIndexType = 'TextElements_v8' | 'UnicodeCodePoint' | 'Utf16CodeUnit';
export const STRING_INDEX_TYPES: readonly StringIndexType[] = ['TextElements_v8', 'UnicodeCodePoint', 'Utf16CodeUnit'];

export type Scores = Readonly<Record<Sentiment, number>>;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const LENGTHS: Readonly<Record<StringIndexType, (text: string) => number>> = {
  TextElements_v8: (text) => [...graphemes.segment(text)].length,
  UnicodeCodePoint: (text) => [...text].length,
  Utf16CodeUnit: (text) => text.length,
};

export const lengthOf = (text: string, type: StringIndexType): number => LENGTHS[type](text);

/** Scores have two digits, and sum to 1: what rounding leaves goes to the highest. */
const round = (scores: Scores): Scores => {
  const rounded = { ...scores };
  for (const label of ['positive', 'neutral', 'negative'] as const) rounded[label] = Math.round(scores[label] * 100) / 100;
  const highest = (['positive', 'neutral', 'negative'] as const).reduce((best, label) =>
    rounded[label] > rounded[best] ? label : best,
  );
  const others = rounded.positive + rounded.neutral + rounded.negative - rounded[highest];
  rounded[highest] = Math.round((1 - others) * 100) / 100;
  return rounded;
};

/**
 * A document's sentiment is made from its sentences': one kind beside neutral ones is the document's, both kinds are mixed.
 * So we know the service's own rule.
 */
const labelDocument = (labels: readonly Sentiment[]): Sentiment | 'mixed' => {
  const isPositive = labels.includes('positive');
  const isNegative = labels.includes('negative');
  if (isPositive && isNegative) return 'mixed';
  if (isPositive) return 'positive';
  return isNegative ? 'negative' : 'neutral';
};

/** The sentiment of a document and of its sentences. */
export const analyzeSentiment = (text: string, type: StringIndexType) => {
  const found = [...sentences.segment(text)].map(({ segment, index }) => {
    const trimmed = segment.trim();
    const start = index + segment.indexOf(trimmed);
    const { label, scores } = classifySentiment(trimmed);
    return { trimmed, start, label, scores };
  });
  const present = found.filter(({ trimmed }) => trimmed !== '');
  const mean = (label: Sentiment) => present.reduce((sum, { scores }) => sum + scores[label], 0) / present.length;
  return {
    sentiment: labelDocument(present.map(({ label }) => label)),
    confidenceScores: round({ positive: mean('positive'), neutral: mean('neutral'), negative: mean('negative') }),
    sentences: present.map(({ trimmed, start, label, scores }) => ({
      sentiment: label,
      confidenceScores: round(scores),
      offset: lengthOf(text.slice(0, start), type),
      length: lengthOf(trimmed, type),
      text: trimmed,
    })),
  };
};
