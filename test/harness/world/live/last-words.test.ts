import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLastWords } from '../../../../harness/world/live/last-words.ts';

const wordsOf = (...chunks: readonly string[]) => {
  const words = createLastWords();
  for (const chunk of chunks) words.add(chunk);
  return words.text();
};

describe('the last words of a child', () => {
  it('are the error, without source and stack', () => {
    expect(
      wordsOf(
        'listening\nfile:///app/x.ts:3\n    throw new Error(broken)\n    ^\n\n',
        'TypeError: no such mo',
        'del\n    at start (file:///app/x.ts:3:9)\n    at main (file:///app/x.ts:9:1)\n\nNode.js v24.21.0\n',
      ),
    ).toBe('TypeError: no such model');
  });

  it('are what was printed last where there was no error', () => {
    expect(wordsOf('one\ntwo\nthree\nfour')).toBe('two / three / four');
    expect(wordsOf()).toBe('');
  });

  it('know an engine that runs out of memory', () => {
    expect(
      wordsOf(
        '<--- Last few GCs --->\n\nFATAL ERROR: Reached heap limit\n----- Native stack trace -----\n 1: 0xb7a node::Abort()\n',
      ),
    ).toBe('FATAL ERROR: Reached heap limit');
  });

  it('do not depend on how the text was cut into chunks, and stay short', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 8 }), fc.array(fc.nat(200), { maxLength: 5 }), (lines, cuts) => {
        const text = lines.join('\n');
        const at = [...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const chunks = at.map((end, index) => text.slice(at[index - 1] ?? 0, end));
        expect(wordsOf(...chunks)).toBe(wordsOf(text));
      }),
    );
    expect(wordsOf('x'.repeat(1_000_000)).length).toBeLessThanOrEqual(500);
  });
});
