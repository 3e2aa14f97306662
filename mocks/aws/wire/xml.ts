/** What an XML answer is made of. Undefined members are left out; lists become one element that holds the items. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 has no way to write are left out: only a caller's own odd input brings them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const escapeText = (text: string): string =>
  text.replace(UNWRITABLE, '').replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);

/**
 * Writes members as elements.
 * @param item name of a list's elements: `item` at EC2, `member` in the Query protocol
 */
export const writeXml = (value: XmlValue, item: string): string => {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => `<${item}>${writeXml(each, item)}</${item}>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return escapeText(String(value));
  return Object.entries(value)
    .map(([name, member]) => (member === undefined ? '' : `<${name}>${writeXml(member, item)}</${name}>`))
    .join('');
};
