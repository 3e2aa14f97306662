/** Words and hashes, the same as in scripts/train-text/tokens.py: what one trains, the other must find again. */

const WORD = /[a-z]+(?:'[a-z]+)?|[0-9]+|[!?]+|[:;=][-']?[()dp/]/g;
const CLAUSE_END = /[.,;:!?]/;
const NEGATIONS = new Set('no not never nothing nobody none neither nor without hardly barely cannot'.split(' '));
/** How many words after a negation it turns around, unless the clause ends first. */
const NEGATION_REACH = 3;

const plain = (text: string): string => text.normalize('NFKC').replaceAll('\u2019', "'").toLowerCase();

export const wordsOf = (text: string): string[] => plain(text).match(WORD) ?? [];

/** A word of a text, and what negations have to do with it. */
export interface NegatableWord {
  readonly word: string;
  /** A negation before it turns it around. */
  readonly isNegated: boolean;
  /** It is a negation itself. */
  readonly isNegation: boolean;
}

/** The words, each with what negations have to do with it. */
export const wordsWithNegation = (text: string): NegatableWord[] => {
  const lowered = plain(text);
  let reach = 0;
  let lastEnd = 0;
  return Array.from(lowered.matchAll(WORD), ({ 0: word, index }) => {
    if (CLAUSE_END.test(lowered.slice(lastEnd, index))) reach = 0;
    lastEnd = index + word.length;
    const isNegated = reach > 0;
    const isNegation = NEGATIONS.has(word) || word.endsWith("n't");
    reach = isNegation ? NEGATION_REACH : Math.max(0, reach - 1);
    return { word, isNegated, isNegation };
  });
};

/**
 * Leaves out each negation that turns a rated word around: what it does is done to that word, and "not bad" would else be as negative as "not".
 */
export const dropSpentNegations = (
  words: readonly NegatableWord[],
  isRated: (word: string) => boolean,
): readonly NegatableWord[] =>
  words.filter(
    ({ isNegation }, at) =>
      !isNegation || !words.slice(at + 1, at + 1 + NEGATION_REACH).some((each) => each.isNegated && isRated(each.word)),
  );

const encoder = new TextEncoder();

/** FNV-1a, 32 bits, of the text's UTF-8. */
export const fnv1a = (text: string): number => {
  let value = 0x811c9dc5;
  for (const byte of encoder.encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
};

/** FNV's low bits alone mix poorly, so the high half is folded in. */
export const bucketOf = (feature: string, buckets: number): number => {
  const value = fnv1a(feature);
  return ((value ^ (value >>> 16)) >>> 0) % buckets;
};

/** Numbers of 8 bits, signed, from base64. */
export const int8FromBase64 = (packed: string): Int8Array => Int8Array.from(atob(packed), (character) => character.charCodeAt(0));
