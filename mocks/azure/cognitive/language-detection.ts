import { detectAll } from 'tinyld/light';

/** What a text is written in. */
export interface DetectedLanguage {
  /** In English, e.g. `French`. */
  readonly name: string;
  readonly iso6391Name: string;
  readonly confidenceScore: number;
}

/** What the service says of a text without a word that it knows, as we know it. */
const UNKNOWN: DetectedLanguage = { name: '(Unknown)', iso6391Name: '(Unknown)', confidenceScore: 0 };

const names = new Intl.DisplayNames('en', { type: 'language' });

/**
 * The likeliest language of a text, among the two dozen that the detector knows. The confidence is its share of all that the text
 * could be.
 */
export const detectLanguage = (text: string): DetectedLanguage => {
  const candidates = detectAll(text);
  const [first] = candidates;
  if (!first) return UNKNOWN;
  const total = candidates.reduce((sum, { accuracy }) => sum + accuracy, 0);
  return {
    name: names.of(first.lang) ?? first.lang,
    iso6391Name: first.lang,
    confidenceScore: Math.round((first.accuracy / total) * 100) / 100,
  };
};
