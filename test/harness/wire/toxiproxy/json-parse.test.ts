import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, parseJson } from '../../../../harness/wire/toxiproxy/json-parse.ts';
import { toPlain } from '../../../../harness/wire/toxiproxy/json-value.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** JSON with something changed, taken away or put in: mostly no JSON any more. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.constantFrom('', ',', ':', '"', '\\', '{', ']', '-', '.', 'e', '0', ' ', 't', '\n'),
  )
  .map(([text, at, char]) => `${text.slice(0, at % (text.length + 1))}${char}${text.slice((at % (text.length + 1)) + 1)}`);

describe('parseJson', () => {
  it('reads every JSON document as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n\t'), (text, space) => {
        expect(toPlain(parseJson(`${space}${text}${space}`))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses in an array what JSON.parse refuses, and takes what it takes', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        // Within brackets nothing may follow that is not looked at; what ends them before the text's end is left out.
        fc.pre(isJson(`[${text}]`) || !isBracketed(`[${text}]`));
        const parse = () => parseJson(`[${text}]`);
        if (isJson(`[${text}]`)) expect(toPlain(parse())).toEqual(JSON.parse(`[${text}]`));
        else expect(parse).toThrow(JsonSyntaxError);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a number as it was written', () => {
    expect(parseJson('1e3')).toEqual({ type: 'number', text: '1e3' });
    expect(parseJson('-0.0')).toEqual({ type: 'number', text: '-0.0' });
  });

  it('does not look at what follows the first value', () => {
    expect(parseJson('{} and more')).toEqual({ type: 'object', members: [] });
  });

  it('keeps a name that comes twice, in the order of the document', () => {
    expect(parseJson('{"a":true,"b":null,"a":false}')).toEqual({
      type: 'object',
      members: [
        ['a', true],
        ['b', null],
        ['a', false],
      ],
    });
  });

  it('refuses what is nested so deep that reading it would take all of the stack', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('exceeded max depth');
  });
});

/** Whether a beginning of the text is a whole array. */
const isBracketed = (text: string): boolean => [...text].some((char, index) => char === ']' && isJson(text.slice(0, index + 1)));
