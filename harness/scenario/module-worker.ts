import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { entryBeside } from '../entry.ts';
import type { LoadedModule } from './module-thread.ts';

const file = workerData as string;
const { href } = pathToFileURL(file);
/** The package's entry beside this code, in source or in dist/: what `import ... from 'squall'` means in a scenario, wherever it lies. */
const entryUrl = entryBeside('../../index', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'squall' ? { url: entryUrl, shortCircuit: true } : next(specifier, context),
  // A scenario in TypeScript is a module whatever the package around it says: `npm init` writes "type": "commonjs".
  load: (url, context, next) =>
    url === href && extname(file) === '.ts' ? next(url, { ...context, format: 'module-typescript' }) : next(url, context),
});

/** Of a syntax error in JavaScript Node keeps the place for itself; TypeScript's parser, which reads JavaScript too, tells it. */
const placed = (error: Error): Error => {
  if (!(error instanceof SyntaxError) || error.stack?.includes(`${href}:`)) return error;
  try {
    stripTypeScriptTypes(readFileSync(file, 'utf8'), { sourceUrl: href });
  } catch (found) {
    if (found instanceof SyntaxError) return found;
  }
  return error;
};

const tell = (loaded: LoadedModule) => parentPort!.postMessage(loaded);

// Without it the thread would end at a top-level await that nothing settles, with a warning of Node's on the terminal.
const alive = setInterval(() => undefined, 1000);
try {
  const exports = await import(href);
  tell({ type: 'loaded', content: exports.default ?? exports.scenario });
} catch (thrown) {
  const error = placed(thrown instanceof Error ? thrown : new Error(String(thrown)));
  const isNoData = error.name === 'DataCloneError';
  tell({
    type: 'failed',
    message: isNoData ? `a scenario is plain data, and ${error.message}` : error.message,
    stack: error.stack ?? '',
  });
} finally {
  clearInterval(alive);
}
