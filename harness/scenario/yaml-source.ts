import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';
import type { DocumentPath } from './problem.ts';
import type { Position, Source, SyntaxProblem } from './source.ts';

type Step = { readonly key: Node | null; readonly value: Node | null };

const keyOf = (pair: Pair): Node | null => pair.key as Node | null;

/** From a node to what a name or index leads to. */
const step = (document: Document, from: Node | null, part: string | number): Step | undefined => {
  const node = isAlias(from) ? (from.resolve(document) ?? null) : from;
  if (isSeq(node) && typeof part === 'number' && part < node.items.length) return { key: null, value: node.items[part] as Node };
  if (!isMap(node)) return undefined;
  const pair = node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(part));
  return pair && { key: keyOf(pair), value: pair.value as Node | null };
};

const locate = (document: Document, lines: LineCounter, path: DocumentPath, isAboutKey: boolean): Position | undefined => {
  let at: Step = { key: null, value: document.contents as Node | null };
  for (const part of path) {
    const next = step(document, at.value, part);
    // A value that is missing has no place of its own: the mapping that lacks it stands for it, or better its name.
    if (!next) return position(lines, at.key ?? at.value);
    at = next;
  }
  return position(lines, isAboutKey ? (at.key ?? at.value) : (at.value ?? at.key));
};

const position = (lines: LineCounter, node: Node | null): Position | undefined => {
  if (!node?.range) return undefined;
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
};

/** Names that a mapping has twice. The library's own check compares each with each: a file with many would keep it busy for minutes. */
const repeatedNames = (document: Document, lines: LineCounter): readonly SyntaxProblem[] => {
  const problems: SyntaxProblem[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) problems.push({ message: 'Map keys must be unique', position: position(lines, key) });
        seen.add(key.value);
      }
    },
  });
  return problems;
};

/** Whether a value holds itself, as an alias within its own anchor makes it: no text could be written of it. */
const isCircular = (content: unknown): boolean => {
  const finished = new Set<object>();
  const within = new Set<object>();
  const walk = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || finished.has(value)) return false;
    if (within.has(value)) return true;
    within.add(value);
    const found = Object.values(value).some(walk);
    within.delete(value);
    finished.add(value);
    return found;
  };
  return walk(content);
};

/** Reads YAML. */
export const readYaml = (text: string): Source => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0) {
    return {
      syntaxProblems: document.errors.map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { message, position: { line, column: col } };
      }),
    };
  }
  const repeated = repeatedNames(document, lines);
  if (repeated.length > 0) return { syntaxProblems: repeated };
  try {
    const content: unknown = document.toJS();
    if (isCircular(content))
      return { syntaxProblems: [{ message: 'an alias leads to what it stands in; expected values that end' }] };
    return { content, locate: (path, isAboutKey) => locate(document, lines, path, isAboutKey) };
  } catch (error) {
    // Aliases that lead nowhere, or that blow the document up.
    return { syntaxProblems: [{ message: (error as Error).message }] };
  }
};

/** V8 names a place for some mistakes only: `... in JSON at position 11 (line 1 column 12)`. */
const PLACE_IN_JSON_ERROR = / in JSON(?: at position \d+ \(line (\d+) column (\d+)\))?$/;

/** Reads JSON. Its values are found as in YAML, which JSON is but for tabs between values; within a text JSON has none. */
export const readJson = (text: string): Source => {
  const source = readYaml(text.replaceAll('\t', ' '));
  if (source.syntaxProblems) return source;
  try {
    JSON.parse(text);
    return source;
  } catch (error) {
    const { message } = error as Error;
    const [, line, column] = PLACE_IN_JSON_ERROR.exec(message) ?? [];
    const position = line ? { line: Number(line), column: Number(column) } : undefined;
    return { syntaxProblems: [{ message: `not JSON: ${message.replace(PLACE_IN_JSON_ERROR, '')}`, position }] };
  }
};
