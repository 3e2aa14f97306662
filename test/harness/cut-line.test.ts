import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLine } from '../../harness/cut-line.ts';

describe('a line that is too long', () => {
  it('ends before the word that the cut would go through', () => {
    expect(cutLine('key=abc secret-value more', 12)).toBe('key=abc ');
    expect(cutLine('key=abc secret', 7)).toBe('key=abc');
    expect(cutLine('short', 12)).toBe('short');
    expect(cutLine('é'.repeat(20), 12)).toBe('é'.repeat(12));
  });

  it('has no part of a word that is not there whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 30 })),
        fc.base64String({ minLength: 12, maxLength: 300 }),
        fc.nat(400),
        (around, secret, maxLength) => {
          const line = around.join(` ${secret} `);
          const cut = cutLine(line, maxLength);
          expect(line.startsWith(cut) && cut.length <= maxLength).toBe(true);
          const rest = cut.replaceAll(secret, '');
          expect(rest.endsWith(` ${secret.slice(0, 8)}`)).toBe(false);
        },
      ),
    );
  });

  it('is cut where it is one word without end', () => {
    expect(cutLine('x'.repeat(100_000), 10_000)).toBe('x'.repeat(6_000));
  });
});
