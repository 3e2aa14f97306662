/** An element: its name without the prefix, its elements, and the text that stands right in it. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** Deepest nesting that any request here has is 3; more is somebody's nonsense. */
const DEPTH_LIMIT = 16;

/** A tag with its slash before or behind, a section of characters, a comment, a declaration, or text. */
const TOKEN =
  /<!\[CDATA\[(?<characters>[\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(?<close>\/)?(?<name>[A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?<empty>\/)?>|(?<text>[^<]+)/y;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const CHARACTER = /^#(?:x(?<hex>[0-9a-f]{1,6})|(?<decimal>\d{1,7}))$/i;

/** @returns the text with its references resolved; null where one is none @throws {RangeError} for a number that is no character */
const resolved = (text: string): string | null => {
  const [first = '', ...rest] = text.split('&');
  let plain = first;
  for (const part of rest) {
    const end = part.indexOf(';');
    const name = part.slice(0, Math.max(end, 0));
    const { hex, decimal } = CHARACTER.exec(name)?.groups ?? {};
    const isNumber = hex !== undefined || decimal !== undefined;
    const known = isNumber
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
      : Object.hasOwn(ENTITIES, name)
        ? ENTITIES[name]
        : undefined;
    if (known === undefined) return null;
    plain += known + part.slice(end + 1);
  }
  return plain;
};

/**
 * Reads the elements of a document: what S3 is sent. Attributes are passed over, and a document type is none of XML's here.
 * @returns null for what is not well formed
 */
export const readXml = (document: string): XmlElement | null => {
  const open: OpenElement[] = [{ name: '', children: [], text: '' }];
  const token = new RegExp(TOKEN);
  try {
    while (token.lastIndex < document.length) {
      const groups = token.exec(document)?.groups;
      if (!groups || open.length > DEPTH_LIMIT) return null;
      const { characters, close, name, empty, text } = groups;
      const top = open.at(-1) as OpenElement;
      if (characters !== undefined) top.text += characters;
      else if (text !== undefined) {
        const plain = resolved(text);
        if (plain === null) return null;
        top.text += plain;
      } else if (name !== undefined && close !== undefined) {
        if (empty !== undefined || open.length === 1 || top.name !== name) return null;
        open.pop();
        open.at(-1)?.children.push({ ...top, name: localName(name) });
      } else if (name !== undefined && empty !== undefined) top.children.push({ name: localName(name), children: [], text: '' });
      else if (name !== undefined) open.push({ name, children: [], text: '' });
    }
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  const [root] = open;
  const isWhole = open.length === 1 && root?.children.length === 1 && root.text.replace('\uFEFF', '').trim() === '';
  return isWhole ? (root.children[0] ?? null) : null;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Text of an element's first child of a name; undefined where it has none. */
export const childText = ({ children }: XmlElement, name: string): string | undefined =>
  children.find((child) => child.name === name)?.text;
