import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonWith } from '../python/venv.ts';

/** Pinned: figures are of this version. */
const SIMPY = { bench: 'bench/queue', module: 'simpy', requirement: 'simpy==4.1.2' } as const;

const run = promisify(execFile);

/**
 * What a script of ./python prints; the first call makes a virtual environment with SimPy. Python writes no byte code beside the scripts.
 * @throws {BenchProblem} that says what to install, when Python, venv or SimPy is missing
 */
export const runPython = async (script: string, args: readonly string[]): Promise<string> => {
  const python = await pythonWith(SIMPY);
  const { stdout } = await run(python, ['-B', join(import.meta.dirname, 'python', script), ...args]);
  return stdout;
};
