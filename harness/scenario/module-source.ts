import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { locateInModule } from './locate-in-module.ts';
import type { Position, Source } from './source.ts';

/** The package's entry beside this code, in source or in dist/: what `import ... from 'squall'` means in a scenario, wherever it lies. */
const entryUrl = new URL(`../../index${extname(import.meta.url)}`, import.meta.url).href;

/** Long enough for a module that computes something, short enough for one that waits for what never comes. */
const LOAD_LIMIT_MS = 20_000;

/** Keeps a module that is being loaded from ending the command as if all were well. */
const refuseExit = (): { readonly refused: Promise<never>; restore(): void } => {
  const { exit } = process;
  const refused = Promise.withResolvers<never>();
  const give = (message: string): never => {
    const error = new Error(message);
    refused.reject(error);
    throw error;
  };
  process.exit = (code) => give(`it calls process.exit(${code ?? ''})`);
  const timer = setTimeout(
    () => refused.reject(new Error(`it has not finished within ${LOAD_LIMIT_MS / 1000} s`)),
    LOAD_LIMIT_MS,
  );
  return {
    refused: refused.promise,
    restore() {
      clearTimeout(timer);
      process.exit = exit;
    },
  };
};

const importModule = async (file: string): Promise<Record<string, unknown>> => {
  const { href } = pathToFileURL(file);
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'squall' ? { url: entryUrl, shortCircuit: true } : next(specifier, context),
    // A scenario in TypeScript is a module whatever the package around it says: `npm init` writes "type": "commonjs".
    load: (url, context, next) =>
      url === href && extname(file) === '.ts' ? next(url, { ...context, format: 'module-typescript' }) : next(url, context),
  });
  const guard = refuseExit();
  try {
    return await Promise.race([import(href), guard.refused]);
  } finally {
    guard.restore();
    hooks.deregister();
  }
};

/** Node puts the place of a syntax error, and of a throw, into the stack, which is never shown. */
const positionIn = (error: Error, file: string): Position | undefined => {
  const places = [pathToFileURL(file).href, file].flatMap((place) => {
    const [, after] = (error.stack ?? '').split(`${place}:`);
    const numbers = /^(\d+)(?::(\d+))?/.exec(after ?? '');
    return numbers ? { line: Number(numbers[1]), column: Number(numbers[2] ?? 1) } : [];
  });
  return places[0];
};

/** Reads a scenario from a TypeScript or JavaScript module: its default export, or the export named `scenario`. */
export const readModule = async (file: string): Promise<Source> => {
  let exports: Record<string, unknown>;
  try {
    exports = await importModule(file);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const message = `the module can't be loaded: ${error.message.trim().split('\n')[0]}`;
    return { syntaxProblems: [{ message, position: positionIn(error, file) }] };
  }
  const content = exports.default ?? exports.scenario;
  if (content === undefined) {
    const message =
      'the module exports no scenario; expected `export default defineScenario({ ... })`, or an export named scenario';
    return { syntaxProblems: [{ message }] };
  }
  const text = readFileSync(file, 'utf8');
  return { content, locate: (path) => locateInModule(text, path) };
};
