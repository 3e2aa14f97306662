/** A part of an XML document. Empty strings are no attribute values to leave out; undefined ones are. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Elements, or text. */
  readonly children?: readonly XmlElement[] | string;
}

/** What XML 1.0 can't hold, even escaped (https://www.w3.org/TR/xml/#charsets, read 2026-11): most control characters, lone surrogates, U+FFFE and U+FFFF. */
const UNSPEAKABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const REPLACEMENT = '\u{FFFD}';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // In an attribute a parser would turn them into spaces, in text a carriage return into a line feed.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as the content of an element. */
export const escapeText = (text: string): string =>
  text.replace(UNSPEAKABLE, REPLACEMENT).replace(/[&<>\r]/g, (character) => entities[character]!);

const escapeAttribute = (text: string): string =>
  text.replace(UNSPEAKABLE, REPLACEMENT).replace(/[&<>"\t\n\r]/g, (character) => entities[character]!);

const render = ({ name, attributes = {}, children = '' }: XmlElement, indent: string): string => {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value!)}"`)
    .join('');
  if (children.length === 0) return `${indent}<${name}${given}/>\n`;
  if (typeof children === 'string') return `${indent}<${name}${given}>${escapeText(children)}</${name}>\n`;
  const inner = children.map((child) => render(child, `${indent}  `)).join('');
  return `${indent}<${name}${given}>\n${inner}${indent}</${name}>\n`;
};

/** The document as text. Element and attribute names are taken as they are. */
export const renderXml = (root: XmlElement): string => `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, '')}`;
