import { pathToFileURL } from 'node:url';
import type { Position } from './source.ts';

/** The place of a throw: `file:///x.ts:3:5`. Of a syntax error: `file:///x.ts:3`, lines of code, and a caret under the place. */
const PLACE = /^(\d+)(?::(\d+))?/;
const CARET = /^\d+\n(?:[^\n]*\n){1,5}?( *)\^+ *\n/;

/**
 * Where in a module an error is: Node puts the place of a syntax error, and of a throw, into the stack, which is never shown.
 * @returns undefined where the stack does not name the file
 */
export const positionInStack = (stack: string, file: string): Position | undefined => {
  const places = [pathToFileURL(file).href, file].flatMap((place) => {
    const [, after] = stack.split(`${place}:`);
    const [, line, column] = PLACE.exec(after ?? '') ?? [];
    if (line === undefined) return [];
    const [, indent = ''] = CARET.exec(after!) ?? [];
    return { line: Number(line), column: Number(column ?? indent.length + 1) };
  });
  return places[0];
};
