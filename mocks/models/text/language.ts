import model from './language.json' with { type: 'json' };
import { fnv1a } from './tokens.ts';

/** How a continuation is drawn. */
export interface Sampling {
  /** 0 always takes the likeliest word; 1 draws as the model says. */
  readonly temperature?: number;
  /** Words are drawn from the likeliest that make up this share. */
  readonly topP?: number;
  /** The same seed and prompt draw the same words. By default, the prompt's own hash. */
  readonly seed?: number;
}

/** One word or mark, with the space that belongs before it. */
export interface GeneratedToken {
  readonly text: string;
  /** Natural logarithm of its probability, before temperature. */
  readonly logprob: number;
}

/** The paragraph's end, where the model stops by itself. */
const END = '¶';
/** Share of the cache: words of the prompt are this much likelier than the novel alone makes them. */
const CACHE_SHARE = 0.15;
/** Words that everyone uses say nothing of what a prompt is about: those that the novel has more often are left out. */
const COMMON = 120;
const WORD = /[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]+|--|[.,;:!?]/g;
const CLOSING = new Set(['.', ',', ';', ':', '!', '?']);

/** Followers of each context of one word, and of two, as numbers of the vocabulary; each as often as it followed. */
interface Language {
  readonly vocabulary: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  /** How often each word occurs. */
  readonly counts: Uint32Array;
  readonly total: number;
  readonly afterOne: ReadonlyMap<number, readonly number[]>;
  readonly afterTwo: ReadonlyMap<number, readonly number[]>;
}

let loaded: Language | undefined;

/** Counted once, when the first continuation is asked for. */
const load = (): Language => {
  if (loaded) return loaded;
  const vocabulary = model.vocabulary.split(' ');
  const bytes = atob(model.sequence);
  const sequence = Uint16Array.from(
    { length: bytes.length / 2 },
    (_, at) => bytes.charCodeAt(at * 2) | (bytes.charCodeAt(at * 2 + 1) << 8),
  );
  const counts = new Uint32Array(vocabulary.length);
  const afterOne = new Map<number, number[]>();
  const afterTwo = new Map<number, number[]>();
  const add = (table: Map<number, number[]>, context: number, word: number): void => {
    const followers = table.get(context);
    if (followers) followers.push(word);
    else table.set(context, [word]);
  };
  for (const [at, word] of sequence.entries()) {
    counts[word] = (counts[word] ?? 0) + 1;
    if (at > 0) add(afterOne, sequence[at - 1] ?? 0, word);
    if (at > 1) add(afterTwo, (sequence[at - 2] ?? 0) * vocabulary.length + (sequence[at - 1] ?? 0), word);
  }
  const numbers = new Map(vocabulary.map((word, number) => [word, number]));
  loaded = { vocabulary, numbers, counts, total: sequence.length, afterOne, afterTwo };
  return loaded;
};

/** Words and marks in a text: what prompts and answers are counted and billed in. */
export const countTokens = (text: string): number => text.match(WORD)?.length ?? 0;

/**
 * Continues a prompt word by word: an interpolated trigram model (Witten-Bell) of a novel, with a cache of the prompt's rarer words.
 * It ends with a paragraph, and never ends by itself else. The same prompt and sampling give the same words.
 */
export function* generateText(
  prompt: string,
  { temperature = 1, topP = 1, seed = fnv1a(prompt) }: Sampling = {},
): Generator<GeneratedToken> {
  const language = load();
  const end = language.numbers.get(END) ?? 0;
  const cache = topicOf(prompt, language);
  const random = mulberry32(seed);
  let [before, last] = [end, end];
  for (;;) {
    const probabilities = distribution(language, cache, before, last);
    // A paragraph needs a sentence.
    if (last === end) probabilities[end] = 0;
    const word = draw(probabilities, temperature, topP, random);
    if (word === end) return;
    // Said once, a word of the prompt is as likely as any other: it would be repeated without end.
    cache.delete(word);
    const text = language.vocabulary[word] ?? '';
    yield { text: last === end || CLOSING.has(text) ? text : ` ${text}`, logprob: Math.log(probabilities[word] ?? 0) };
    [before, last] = [last, word];
  }
}

/** The prompt's words that the novel knows and does not use all the time. */
const topicOf = (prompt: string, { numbers, counts }: Language): Set<number> => {
  const found = (prompt.match(WORD) ?? []).map((word) => numbers.get(word) ?? numbers.get(word.toLowerCase()));
  return new Set(found.filter((number) => number !== undefined).filter((number) => (counts[number] ?? 0) < COMMON));
};

/** Probability of each word after two others. */
const distribution = (language: Language, cache: ReadonlySet<number>, before: number, last: number): Float64Array => {
  const { counts, total, vocabulary, afterOne, afterTwo } = language;
  const probabilities = Float64Array.from(counts, (count) => count / total);
  const mix = (followers: readonly number[] | undefined): void => {
    if (!followers) return;
    // As much is left to the shorter context as this one has had different followers.
    const kinds = new Set(followers).size;
    const share = kinds / (followers.length + kinds);
    for (let word = 0; word < probabilities.length; word++) probabilities[word] = (probabilities[word] ?? 0) * share;
    for (const word of followers) probabilities[word] = (probabilities[word] ?? 0) + (1 - share) / followers.length;
  };
  mix(afterOne.get(last));
  mix(afterTwo.get(before * vocabulary.length + last));
  if (cache.size === 0) return probabilities;
  // A word of the prompt is likelier only where the novel can have it: weighted by what the contexts say of it.
  let reach = 0;
  for (const word of cache) reach += probabilities[word] ?? 0;
  for (let word = 0; word < probabilities.length; word++) probabilities[word] = (probabilities[word] ?? 0) * (1 - CACHE_SHARE);
  for (const word of cache)
    probabilities[word] = (probabilities[word] ?? 0) + (CACHE_SHARE * ((probabilities[word] ?? 0) / (1 - CACHE_SHARE))) / reach;
  return probabilities;
};

const draw = (probabilities: Float64Array, temperature: number, topP: number, random: () => number): number => {
  if (temperature === 0) return likeliest(probabilities);
  const weights = temperature === 1 ? probabilities : probabilities.map((probability) => probability ** (1 / temperature));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const least = topP < 1 ? nucleusFloor(weights, topP * whole) : 0;
  const kept = weights.reduce((sum, weight) => (weight >= least ? sum + weight : sum), 0);
  let left = random() * kept;
  for (let word = 0; word < weights.length; word++) {
    const weight = weights[word] ?? 0;
    if (weight < least) continue;
    left -= weight;
    if (left < 0) return word;
  }
  return likeliest(weights);
};

const likeliest = (weights: Float64Array): number =>
  weights.reduce((best, weight, word) => (weight > (weights[best] ?? 0) ? word : best), 0);

/** Weight of the last of the heaviest words that make up a share; as heavy ones belong to them, too. */
const nucleusFloor = (weights: Float64Array, share: number): number => {
  let sum = 0;
  for (const weight of weights.toSorted().reverse()) {
    sum += weight;
    if (sum >= share) return weight;
  }
  return 0;
};

/** Mulberry32 (T. Ettinger, public domain): 32 bits of state, numbers in 0..1. */
const mulberry32 = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};
