/** Words that end a phrase: they say nothing of what a text is about. */
const STOP_WORDS = new Set(
  `a about above after again against all also am an and any are as at be became because been before being below between both but by
  can cannot could did do does doing done down during each even ever every few for from further get got had has have having he her here
  hers herself him himself his how however i if in into is it its itself just let like made make many may me might more most much must
  my myself never no nor not now of off often on once one only or other our ours out over own quite rather really said same say see she
  should so some still such take than that the their theirs them themselves then there these they thing things this those through to
  too under until up upon us use used very was we went were what when where which while who whom why will with within without would yet
  you your yours yourself`
    .split(/\s+/)
    .filter(Boolean),
);

const WORD_OR_BREAK = /[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu;
const WORD = /[\p{L}\p{N}]/u;

/** Longest phrase, words: a longer run is a list, not a phrase. */
const MAX_WORDS = 5;

/** Runs of words between stop words and marks. */
const candidatesOf = (text: string): readonly (readonly string[])[] => {
  const runs: string[][] = [[]];
  for (const [word] of text.matchAll(WORD_OR_BREAK)) {
    const isPart = WORD.test(word) && !STOP_WORDS.has(word.toLowerCase().replace('’', "'").replace(/'s$/, ''));
    if (isPart) runs.at(-1)?.push(word);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0 && run.length <= MAX_WORDS && run.some((word) => /\p{L}{2}/u.test(word)));
};

/**
 * Key phrases by RAKE: runs of words without stop words, each scored by its words' degree over frequency, highest first; of those
 * the best third is kept, and at least one.
 * Source: Rose et al., "Automatic keyword extraction from individual documents", 2010.
 */
export const extractKeyPhrases = (text: string): readonly string[] => {
  const candidates = candidatesOf(text);
  const frequency = new Map<string, number>();
  const degree = new Map<string, number>();
  for (const run of candidates) {
    for (const word of run.map((each) => each.toLowerCase())) {
      frequency.set(word, (frequency.get(word) ?? 0) + 1);
      degree.set(word, (degree.get(word) ?? 0) + run.length);
    }
  }
  const scoreOf = (run: readonly string[]) =>
    run.reduce((sum, word) => sum + (degree.get(word.toLowerCase()) ?? 0) / (frequency.get(word.toLowerCase()) ?? 1), 0);
  const phrases = new Map<string, { readonly phrase: string; readonly score: number }>();
  for (const run of candidates) {
    const phrase = run.join(' ');
    if (!phrases.has(phrase.toLowerCase())) phrases.set(phrase.toLowerCase(), { phrase, score: scoreOf(run) });
  }
  const content = new Set(candidates.flat().map((word) => word.toLowerCase())).size;
  return [...phrases.values()]
    .toSorted((one, other) => other.score - one.score)
    .slice(0, Math.max(1, Math.ceil(content / 3)))
    .map(({ phrase }) => phrase);
};
