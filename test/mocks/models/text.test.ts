import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../harness/package-root.ts';
import { EMBEDDING_DIMENSIONS, embedText } from '../../../mocks/models/text/embedding.ts';
import { countTokens, generateText, type Sampling } from '../../../mocks/models/text/language.ts';
import { classifySentiment } from '../../../mocks/models/text/sentiment.ts';
import { bucketOf, dropSpentNegations, fnv1a, wordsWithNegation } from '../../../mocks/models/text/tokens.ts';

const folder = join(packageRoot, 'mocks', 'models');
const { samples }: { samples: readonly { text: string; label: string }[] } = JSON.parse(
  readFileSync(join(folder, 'text', 'sentiment-samples.json'), 'utf8'),
);
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

describe('words', () => {
  test('a negation reaches three words, or to the end of its clause', () => {
    const negated = (text: string) =>
      wordsWithNegation(text)
        .filter(({ isNegated }) => isNegated)
        .map(({ word }) => word);
    expect(negated("It isn't really that good at all")).toEqual(['really', 'that', 'good']);
    expect(negated('Not bad, very good')).toEqual(['bad']);
    expect(negated('good')).toEqual([]);
  });

  test('the hash is FNV-1a, by its published values', () => {
    expect([fnv1a(''), fnv1a('a'), fnv1a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => bucketOf(text, 4096) >= 0 && bucketOf(text, 4096) < 4096));
  });
});

describe('a negation', () => {
  test('is left out where it turns a rated word around, and stays where it does not', () => {
    const kept = (text: string) => dropSpentNegations(wordsWithNegation(text), (word) => word === 'bad').map(({ word }) => word);
    expect(kept('not bad at all')).toEqual(['bad', 'at', 'all']);
    expect(kept('not a table')).toEqual(['not', 'a', 'table']);
    expect(kept('No. Bad')).toEqual(['no', 'bad']);
    expect(kept('not one of the bad')).toEqual(['not', 'one', 'of', 'the', 'bad']);
  });
});

describe('sentiment', () => {
  test('as many held-out messages are right as the README says', () => {
    const correct = samples.filter(({ text, label }) => classifySentiment(text).label === label).length;
    expect(readme).toContain(`${correct} of ${samples.length}`);
    expect(correct / samples.length).toBeGreaterThan(0.75);
  });

  test('as many of each label are found as the README says, neutral ones among them', () => {
    const recalls = (['negative', 'neutral', 'positive'] as const).map((wanted) => {
      const of = samples.filter(({ label }) => label === wanted);
      return `${of.filter(({ text }) => classifySentiment(text).label === wanted).length} of ${of.length}`;
    });
    expect(readme).toContain(recalls.join(', '));
  });

  test.each([
    ['I am very happy with my new camera!', 'positive'],
    ['The food was terrible, and the staff were rude.', 'negative'],
    ['This is not good', 'negative'],
    ['', 'neutral'],
    ['The table is made of wood.', 'neutral'],
    ['The meeting is on Tuesday at noon.', 'neutral'],
    ['The package arrived on Monday.', 'neutral'],
    ['She works in an office.', 'neutral'],
    ['qxzj zzzq', 'neutral'],
    ['Not bad at all.', 'positive'],
    ["It isn't bad.", 'positive'],
  ])('%j is %s', (text, label) => {
    expect(classifySentiment(text).label).toBe(label);
  });

  test('is a distribution over three labels for any text, and the label its likeliest', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem()), (text) => {
        const { label, scores } = classifySentiment(text);
        expect(scores.negative + scores.neutral + scores.positive).toBeCloseTo(1, 9);
        expect(scores[label]).toBe(Math.max(...Object.values(scores)));
        expect(classifySentiment(text)).toEqual({ label, scores });
      }),
    );
  });
});

describe('embeddings', () => {
  const similarity = (one: string, other: string): number => {
    const [first, second] = [embedText(one), embedText(other)];
    return first.reduce((sum, part, index) => sum + part * (second[index] ?? 0), 0);
  };

  test('have length 1, or 0 for a text without a word', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.lorem()), (text) => {
        const vector = embedText(text);
        expect(vector).toHaveLength(EMBEDDING_DIMENSIONS);
        const length = Math.hypot(...vector);
        expect(Math.min(Math.abs(length - 1), length)).toBeLessThan(1e-9);
      }),
    );
    expect(embedText('…')).toEqual(new Array(EMBEDDING_DIMENSIONS).fill(0));
  });

  test('of texts about the same are nearer', () => {
    const film = 'a funny comedy with a great cast';
    expect(similarity(film, 'the movie is an entertaining thriller')).toBeGreaterThan(
      similarity(film, 'the battery of this camera lasts long'),
    );
    expect(similarity(film, film)).toBeCloseTo(1, 9);
  });
});

describe('the language model', () => {
  const say = (prompt: string, sampling: Sampling = {}, length = 40): string => {
    let said = '';
    let count = 0;
    for (const { text } of generateText(prompt, sampling)) {
      said += text;
      count++;
      if (count === length) break;
    }
    return said;
  };

  test('says the same to the same prompt and seed, and else something else', () => {
    const prompt = 'What do you think of Captain Wentworth?';
    expect(say(prompt)).toBe(say(prompt));
    expect(say(prompt, { seed: 1 })).not.toBe(say(prompt, { seed: 2 }));
    expect(say(prompt, { temperature: 0, seed: 1 })).toBe(say(prompt, { temperature: 0, seed: 2 }));
    expect(say(prompt, { topP: 1e-9, seed: 1 })).toBe(say(prompt, { temperature: 0 }));
  });

  test('speaks of what it is asked about', () => {
    const mentions = (prompt: string): number =>
      Array.from({ length: 10 }, (_, seed) => say(prompt, { seed })).filter((text) => text.includes('marriage')).length;
    expect(mentions('What about marriage?')).toBeGreaterThan(mentions('What about weather?'));
  });

  test('what it says is counted as the tokens that it said', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer({ min: 1, max: 12 }), (prompt, seed, length) => {
        const tokens = [];
        for (const token of generateText(prompt, { seed })) {
          tokens.push(token);
          if (tokens.length === length) break;
        }
        expect(countTokens(tokens.map(({ text }) => text).join(''))).toBe(tokens.length);
        for (const { logprob } of tokens) expect(logprob).toBeLessThanOrEqual(0);
      }),
      { numRuns: 20 },
    );
  });
});
