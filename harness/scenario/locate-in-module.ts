import type { DocumentPath } from './problem.ts';
import type { Position } from './source.ts';

const SKIPPED = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/y;
const KEY = /([A-Za-z_$][\w$]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*:/y;

/** Where the scenario's object begins: what is handed to defineScenario, or exported. */
const START = /defineScenario\s*\(\s*(?=\{)|export\s+default\s+(?=\{)|\bscenario\b[^={]*=\s*(?=\{)/;

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const skip = (text: string, from: number): number => {
  let at = from;
  for (let found = match(SKIPPED, text, at); found; found = match(SKIPPED, text, at)) at += found[0].length;
  return at;
};

/** The end of the value that starts at `from`: the comma or closing bracket after it. */
const endOfValue = (text: string, from: number): number => {
  let depth = 0;
  for (let at = skip(text, from); at < text.length; at = skip(text, at)) {
    const string = match(STRING, text, at);
    if (string) {
      at += string[0].length;
      continue;
    }
    const character = text[at]!;
    if (depth === 0 && ',]})'.includes(character)) return at;
    if ('[{('.includes(character)) depth += 1;
    if (')}]'.includes(character)) depth -= 1;
    at += 1;
  }
  return text.length;
};

interface Entry {
  readonly key: string | number;
  readonly keyAt: number;
  readonly valueAt: number;
}

/** The entries of the object or array literal at `from`; none for anything else. */
const entriesOf = (text: string, from: number): readonly Entry[] => {
  const isArray = text[from] === '[';
  if (!isArray && text[from] !== '{') return [];
  const entries: Entry[] = [];
  for (let at = skip(text, from + 1); at < text.length && !']}'.includes(text[at]!); ) {
    const key = isArray ? null : match(KEY, text, at);
    const valueAt = key ? skip(text, at + key[0].length) : at;
    if (isArray) entries.push({ key: entries.length, keyAt: at, valueAt });
    else if (key) entries.push({ key: key[1]!.replace(/^['"]|['"]$/g, ''), keyAt: at, valueAt });
    const end = endOfValue(text, valueAt);
    at = text[end] === ',' ? skip(text, end + 1) : end;
  }
  return entries;
};

/**
 * Finds a value of a scenario in the text of its module, as far as the module spells the scenario out as literals.
 * @returns the place of the value, or of the nearest thing around it; undefined when the module does not begin as expected
 */
export const locateInModule = (text: string, path: DocumentPath): Position | undefined => {
  const start = START.exec(text);
  if (!start) return undefined;
  let valueAt = start.index + start[0].length;
  let found = valueAt;
  for (const part of path) {
    const entry = entriesOf(text, valueAt).find(({ key }) => key === part);
    if (!entry) break;
    found = entry.keyAt;
    valueAt = entry.valueAt;
  }
  const before = text.slice(0, found).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
};
