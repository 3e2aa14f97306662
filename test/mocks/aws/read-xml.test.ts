import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childText, readXml, type XmlElement } from '../../../mocks/aws/wire/read-xml.ts';
import { writeXml } from '../../../mocks/aws/wire/xml.ts';

const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,6}$/);
/** What XML can write; a carriage return has no place in a key. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((each) => !/[\u0000-\u001F\uFFFE\uFFFF]/.test(each));

describe('reading XML', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(name, fc.array(fc.tuple(name, text)), (root, members) => {
        const content = members.map(([member, value]) => `<${member}>${writeXml(value, '')}</${member}>`).join('');
        const element = readXml(
          `<?xml version="1.0"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`,
        );
        expect(element?.name).toBe(root);
        expect(element?.children.map((child) => [child.name, child.text])).toEqual(members);
      }),
    );
  });

  test('takes any text for XML or refuses it, and never throws', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '&amp;',
      '&#x41;',
      '&#1114112;',
      '&',
      '<',
      '>',
      '<!--',
      '-->',
      'x',
      '<a b="c">',
      '<![CDATA[',
      ']]>',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const element = readXml(parts.join(''));
        expect(element === null || element.name !== '').toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['sections of characters, references and white space', '<a> <b><![CDATA[<&]]>&lt;&#65;&#x42;</b>\n</a>', '<&<AB'],
    ['a prefix, attributes and comments', '<s:a xmlns:s="x"><!-- no --><s:b c="d">e</s:b></s:a>', 'e'],
    ['an empty element', '<a><b/></a>', ''],
  ])('takes %s', (_, document, expected) => {
    expect(childText(readXml(document) as XmlElement, 'b')).toBe(expected);
  });

  test.each([
    ['nothing', ''],
    ['text alone', 'text'],
    ['a tag that is not closed', '<a><b></a>'],
    ['a tag that was not opened', '</a>'],
    ['two roots', '<a/><b/>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['a reference that is none', '<a>&x;</a>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['a number that is no character', '<a>&#1114112;</a>'],
    ['nesting without an end', '<a>'.repeat(50) + '</a>'.repeat(50)],
  ])('refuses %s', (_, document) => {
    expect(readXml(document)).toBeNull();
  });
});
