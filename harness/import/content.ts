import { readYaml } from '../scenario/yaml-source.ts';
import { badFile } from './problem.ts';

/** A file as it was read, before anyone knows what it is. */
export interface ImportFile {
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
}

/** What a file is by its syntax. */
export type Content =
  | { readonly form: 'json'; readonly value: unknown }
  /** A JSON value a line. */
  | {
      readonly form: 'json-lines';
      readonly lines: readonly { readonly value: unknown; readonly line: number; readonly text: string }[];
    }
  | { readonly form: 'yaml'; readonly value: unknown }
  /** None of these: CSV, if anything. */
  | { readonly form: 'text' };

const PLACE_IN_JSON_ERROR = / in JSON(?: at position (\d+)(?: \(line \d+ column \d+\))?)?$/;

const positionAt = (text: string, offset: number) => {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
};

/** Where V8 says that JSON is wrong, and in which words. */
const jsonProblem = (text: string, error: unknown) => {
  const { message } = error as Error;
  const [, offset] = PLACE_IN_JSON_ERROR.exec(message) ?? [];
  const isCut = offset === undefined && /end of JSON/.test(message);
  return {
    message: `not JSON: ${message.replace(PLACE_IN_JSON_ERROR, '')}`,
    position: offset === undefined ? (isCut ? positionAt(text, text.length) : undefined) : positionAt(text, Number(offset)),
  };
};

const parseLines = (file: ImportFile): Content => ({
  form: 'json-lines',
  lines: file.text.split('\n').flatMap((text, index) => {
    if (text.trim() === '') return [];
    try {
      return [{ value: JSON.parse(text) as unknown, line: index + 1, text }];
    } catch (error) {
      const { message, position } = jsonProblem(text, error);
      throw badFile(file.name, { line: index + 1, ...(position ? { column: position.column } : {}) }, message);
    }
  }),
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Enough of a file to see what it is. */
const HEAD_CHARS = 65_536;

/** A mapping's first line: a plain key with a colon, and no comma before it. */
const YAML_START = /^(?:---.*|[A-Za-z][\w-]*\s*:(?:\s.*)?|%YAML.*)$/;

/**
 * Takes a file apart as far as its syntax goes.
 * @throws {SquallError} `BAD_SCENARIO` with line and column for a document that is broken
 */
export const parseContent = (file: ImportFile): Content => {
  const text = file.text;
  const start = text.search(/\S/);
  if (start < 0) throw badFile(file.name, undefined, 'is empty');
  if (text[start] === '{' || text[start] === '[') {
    try {
      return { form: 'json', value: JSON.parse(text) };
    } catch (error) {
      const firstLine = text.slice(start).split('\n', 1)[0]!;
      if (text.slice(start).includes('\n') && isJson(firstLine)) return parseLines(file);
      const { message, position } = jsonProblem(text, error);
      throw badFile(file.name, position, message);
    }
  }
  const firstLine =
    text
      .slice(0, HEAD_CHARS)
      .split('\n')
      .find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  if (!YAML_START.test(firstLine.trimEnd())) return { form: 'text' };
  const source = readYaml(text);
  if (!source.syntaxProblems) return { form: 'yaml', value: source.content };
  const [{ message, position } = { message: 'not YAML', position: undefined }] = source.syntaxProblems;
  throw badFile(file.name, position, `not YAML: ${message.split('\n', 1)[0]}`);
};
