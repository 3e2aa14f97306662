import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BenchProblem } from '../problem.ts';

/** Pinned: figures are of this version. */
const SIMPY_VERSION = '4.1.2';
/** Kept between runs; whoever clears the folder for temporary files clears it. */
const FOLDER = join(tmpdir(), `squall-bench-simpy-${SIMPY_VERSION}`);
const PYTHON = join(FOLDER, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

const run = promisify(execFile);

/** What a program that failed said last. */
const lastWords = (error: unknown): string => {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  return (stderr?.trim() || message).split('\n').slice(-3).join(' ');
};

/**
 * Makes a virtual environment with SimPy, if there is none yet.
 * @throws {BenchProblem} that says what to install
 */
const prepare = async (): Promise<void> => {
  if (existsSync(PYTHON)) {
    const hasSimpy = await run(PYTHON, ['-c', 'import simpy']).then(
      () => true,
      () => false,
    );
    if (hasSimpy) return;
    rmSync(FOLDER, { recursive: true, force: true });
  }
  try {
    await run('python3', ['-m', 'venv', FOLDER]);
  } catch (error) {
    rmSync(FOLDER, { recursive: true, force: true });
    throw new BenchProblem(
      `bench/queue needs Python 3.8 or newer with venv: install it (Debian, Ubuntu: apt-get install python3 python3-venv). ${lastWords(error)}`,
    );
  }
  try {
    await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `simpy==${SIMPY_VERSION}`]);
  } catch (error) {
    rmSync(FOLDER, { recursive: true, force: true });
    throw new BenchProblem(`bench/queue can't install simpy ${SIMPY_VERSION} with pip: ${lastWords(error)}`);
  }
};

/**
 * What a script of ./python prints; the first call makes a virtual environment with SimPy. Python writes no byte code beside the scripts.
 * @throws {BenchProblem} that says what to install, when Python, venv or SimPy is missing
 */
export const runPython = async (script: string, args: readonly string[]): Promise<string> => {
  await prepare();
  const { stdout } = await run(PYTHON, ['-B', join(import.meta.dirname, 'python', script), ...args]);
  return stdout;
};
