import { readFileSync } from 'node:fs';
import { locateInModule } from './locate-in-module.ts';
import { loadInThread } from './module-thread.ts';
import { positionInStack } from './position-in-stack.ts';
import type { Source } from './source.ts';

/** Reads a scenario from a TypeScript or JavaScript module: its default export, or the export named `scenario`. */
export const readModule = async (file: string): Promise<Source> => {
  const loaded = await loadInThread(file);
  if (loaded.type === 'failed') {
    const message = `the module can't be loaded: ${loaded.message.trim().split('\n')[0]}`;
    return { syntaxProblems: [{ message, position: positionInStack(loaded.stack, file) }] };
  }
  if (loaded.content === undefined) {
    const message =
      'the module exports no scenario; expected `export default defineScenario({ ... })`, or an export named scenario';
    return { syntaxProblems: [{ message }] };
  }
  const text = readFileSync(file, 'utf8');
  return { content: loaded.content, locate: (path) => locateInModule(text, path) };
};
