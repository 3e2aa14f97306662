import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BenchProblem } from '../problem.ts';

/** What a bench needs of PyPI. */
export interface Requirement {
  /** Who needs it, e.g. `bench/queue`. */
  readonly bench: string;
  /** What is imported, e.g. `simpy`. */
  readonly module: string;
  /** As pip takes it, with its version: figures are of that one. */
  readonly requirement: string;
}

const run = promisify(execFile);

/** What a program that failed said last. */
const lastWords = (error: unknown): string => {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  return (stderr?.trim() || message).split('\n').slice(-3).join(' ');
};

/**
 * A virtual environment with the requirement in the folder for temporary files, made when there is none yet. It is kept between runs; whoever
 * clears that folder clears it.
 * @returns the path of its Python
 * @throws {BenchProblem} that says what to install
 */
export const pythonWith = async ({ bench, module, requirement }: Requirement): Promise<string> => {
  const folder = join(tmpdir(), `squall-bench-${requirement.replaceAll(/[^a-z0-9.]+/gi, '-')}`);
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(python)) {
    const hasModule = await run(python, ['-c', `import ${module}`]).then(
      () => true,
      () => false,
    );
    if (hasModule) return python;
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await run('python3', ['-m', 'venv', folder]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new BenchProblem(
      `${bench} needs Python 3.9 or newer with venv: install it (Debian, Ubuntu: apt-get install python3 python3-venv). ${lastWords(error)}`,
    );
  }
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new BenchProblem(`${bench} can't install ${requirement} with pip: ${lastWords(error)}`);
  }
  return python;
};
