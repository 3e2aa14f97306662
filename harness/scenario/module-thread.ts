import { Worker } from 'node:worker_threads';
import { entryBeside } from '../entry.ts';

/** What came of loading a module. */
export type LoadedModule =
  | { readonly type: 'loaded'; readonly content: unknown }
  | { readonly type: 'failed'; readonly message: string; readonly stack: string };

/** Long enough for a module that computes something, short enough for one that never ends. */
const LOAD_LIMIT_MS = 10_000;

const failed = (message: string): LoadedModule => ({ type: 'failed', message, stack: '' });

/**
 * Loads a scenario's module in a thread of its own, which ends with it: whatever the module does (exit, compute for ever, throw later)
 * can't end, block or outlive the command. What it prints goes to standard error, since a report may be on standard output; of one that
 * could not be loaded, the message is enough.
 * @returns the default export, or the export named `scenario`
 */
export const loadInThread = async (file: string): Promise<LoadedModule> => {
  const worker = new Worker(entryBeside('./module-worker', import.meta.url), {
    workerData: file,
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  let printed = '';
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const { promise, resolve } = Promise.withResolvers<LoadedModule>();
  worker.once('message', resolve);
  worker.once('error', (error: Error) => resolve({ type: 'failed', message: error.message, stack: error.stack ?? '' }));
  worker.once('exit', (code) => resolve(failed(`it calls process.exit(${code})`)));
  const timer = setTimeout(
    () => resolve(failed(`it has not finished within ${LOAD_LIMIT_MS / 1000} s; does it await what never comes?`)),
    LOAD_LIMIT_MS,
  );
  try {
    const loaded = await promise;
    if (loaded.type === 'loaded') process.stderr.write(printed);
    return loaded;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
};
