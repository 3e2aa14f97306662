import type { JsonValue } from './json-value.ts';

/** A body that is no JSON, in the words of Go's encoding/json (Go 1.26, scanner.go). */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

const MAX_DEPTH = 1000;
const SPACE = /[ \t\r\n]*/y;
const DIGITS = /[0-9]*/y;
/** All but quote, backslash and controls. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const LITERALS: Readonly<Record<string, readonly [string, boolean | null]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
};

/** A character as Go quotes it: it looks at bytes, of which a character beyond ASCII has several. */
const quote = (char: string): string => {
  if (char === "'") return "'\\''";
  const [byte = 0] = new TextEncoder().encode(char);
  const named = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 92: '\\\\' }[byte];
  const isControl = byte < 0x20 || byte === 0x7f;
  return `'${named ?? (isControl ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte))}'`;
};

/**
 * Reads the first JSON value of a text; what follows it is not looked at, as Toxiproxy does not.
 * @throws {JsonSyntaxError}
 */
export const parseJson = (text: string): JsonValue => {
  let at = 0;
  let depth = 0;

  const fail = (where: string): never => {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    throw new JsonSyntaxError(at < text.length ? `invalid character ${quote(char)} ${where}` : 'unexpected EOF');
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [taken] = pattern.exec(text)!;
    at += taken.length;
    return taken;
  };
  /** The next character that is no space. */
  const next = (): string => {
    take(SPACE);
    return text[at] ?? '';
  };
  const enter = () => {
    at += 1;
    depth += 1;
    if (depth > MAX_DEPTH) throw new JsonSyntaxError('exceeded max depth');
  };

  const string = (): string => {
    at += 1;
    let value = '';
    for (;;) {
      value += take(PLAIN);
      if (text[at] === '"') {
        at += 1;
        return value;
      }
      if (text[at] !== '\\') fail('in string literal');
      at += 1;
      const escaped = text[at] ?? '';
      if (escaped === 'u') {
        at += 1;
        const start = at;
        while (at < start + 4) {
          if (!/[0-9a-fA-F]/.test(text[at] ?? '')) fail('in \\u hexadecimal character escape');
          at += 1;
        }
        value += String.fromCharCode(Number.parseInt(text.slice(start, at), 16));
      } else {
        value += ESCAPES[escaped] ?? fail('in string escape code');
        at += 1;
      }
    }
  };
  const digits = (where: string) => {
    if (take(DIGITS) === '') fail(where);
  };
  const number = (): JsonValue => {
    const start = at;
    if (text[at] === '-') at += 1;
    if (text[at] === '0') at += 1;
    else digits('in numeric literal');
    if (text[at] === '.') {
      at += 1;
      digits('after decimal point in numeric literal');
    }
    if (text[at] === 'e' || text[at] === 'E') {
      at += 1;
      if (text[at] === '+' || text[at] === '-') at += 1;
      digits('in exponent of numeric literal');
    }
    return { type: 'number', text: text.slice(start, at) };
  };
  const array = (): JsonValue => {
    enter();
    const items: JsonValue[] = [];
    if (next() !== ']') {
      for (;;) {
        items.push(value());
        const after = next();
        if (after === ']') break;
        if (after !== ',') fail('after array element');
        at += 1;
      }
    }
    at += 1;
    depth -= 1;
    return { type: 'array', items };
  };
  const object = (): JsonValue => {
    enter();
    const members: [string, JsonValue][] = [];
    if (next() !== '}') {
      for (;;) {
        if (next() !== '"') fail('looking for beginning of object key string');
        const name = string();
        if (next() !== ':') fail('after object key');
        at += 1;
        members.push([name, value()]);
        const after = next();
        if (after === '}') break;
        if (after !== ',') fail('after object key:value pair');
        at += 1;
      }
    }
    at += 1;
    depth -= 1;
    return { type: 'object', members };
  };
  const literal = ([word, value]: readonly [string, boolean | null]): JsonValue => {
    for (const char of word) {
      if (text[at] !== char) fail(`in literal ${word} (expecting ${quote(char)})`);
      at += 1;
    }
    return value;
  };
  const value = (): JsonValue => {
    const first = next();
    if (first === '{') return object();
    if (first === '[') return array();
    if (first === '"') return string();
    if (/[-0-9]/.test(first)) return number();
    const word = LITERALS[first];
    return word ? literal(word) : fail('looking for beginning of value');
  };

  if (next() === '') throw new JsonSyntaxError('EOF');
  return value();
};
