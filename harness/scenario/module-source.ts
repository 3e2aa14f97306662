import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { locateInModule } from './locate-in-module.ts';
import { loadInThread } from './module-thread.ts';
import type { Position, Source } from './source.ts';

/** Node puts the place of a syntax error, and of a throw, into the stack, which is never shown. */
const positionIn = (stack: string, file: string): Position | undefined => {
  const places = [pathToFileURL(file).href, file].flatMap((place) => {
    const [, after] = stack.split(`${place}:`);
    const numbers = /^(\d+)(?::(\d+))?/.exec(after ?? '');
    return numbers ? { line: Number(numbers[1]), column: Number(numbers[2] ?? 1) } : [];
  });
  return places[0];
};

/** Reads a scenario from a TypeScript or JavaScript module: its default export, or the export named `scenario`. */
export const readModule = async (file: string): Promise<Source> => {
  const loaded = await loadInThread(file);
  if (loaded.type === 'failed') {
    const message = `the module can't be loaded: ${loaded.message.trim().split('\n')[0]}`;
    return { syntaxProblems: [{ message, position: positionIn(loaded.stack, file) }] };
  }
  if (loaded.content === undefined) {
    const message =
      'the module exports no scenario; expected `export default defineScenario({ ... })`, or an export named scenario';
    return { syntaxProblems: [{ message }] };
  }
  const text = readFileSync(file, 'utf8');
  return { content: loaded.content, locate: (path) => locateInModule(text, path) };
};
