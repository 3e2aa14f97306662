import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const MARK = 'SQUALL_TEST_MARK';
const POLL_MS = 20;

/** How the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Files that the run left in its temporary folder. */
  readonly tempFiles: readonly string[];
}

/** A running `squall` command. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Processes that it has started and that live, by command line; Linux only. */
  descendants(): readonly { readonly pid: number; readonly commandLine: string }[];
  /** Resolves when `condition` holds; rejects when the command ends first. */
  until(condition: () => boolean): Promise<void>;
  /** What it has printed up to now. */
  readonly printed: { stdout: string; stderr: string };
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whose command; this project's when left out. */
  readonly root?: string;
  /** Its folder for temporary files, which the caller looks at and removes; one of its own when left out. */
  readonly temp?: string;
  /** An open file to print to; a pipe when left out. */
  readonly stdout?: number;
  /** Whether it leads a group of processes, for `process.kill(-pid)`, as a shell with job control and a time limit have it. */
  readonly isGroup?: boolean;
}

/** Starts the real command, or that of another `root`. Every process that it starts inherits a mark, by which descendants are found whatever their parent. */
export const startSquall = (args: readonly string[], options: StartOptions = {}): Running => {
  const mark = randomUUID();
  const temp = options.temp ?? mkdtempSync(join(tmpdir(), 'squall-e2e-'));
  const child = spawn(process.execPath, [join(options.root ?? ROOT, 'bin', 'squall.ts'), ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, NO_COLOR: '1', TMPDIR: temp, [MARK]: mark, ...options.env },
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
    detached: options.isGroup ?? false,
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    printed.stderr += chunk;
  });

  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      isOver = true;
      const tempFiles = readdirSync(temp);
      if (options.temp === undefined) rmSync(temp, { recursive: true, force: true });
      resolve({ code, ...printed, tempFiles });
    });
  });

  const descendants = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== child.pid)
      .flatMap((name) => {
        try {
          if (!readFileSync(`/proc/${name}/environ`, 'utf8').includes(`${MARK}=${mark}`)) return [];
          return [{ pid: Number(name), commandLine: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
        } catch {
          // It has ended between the listing and the reading, or is another user's.
          return [];
        }
      });

  return {
    process: child,
    ended,
    printed,
    descendants,
    async until(condition) {
      while (!condition()) {
        if (isOver) throw new Error(`squall ended before the condition held:\n${printed.stdout}\n${printed.stderr}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
};

/** Runs the command to its end. */
export const squall = (args: readonly string[], options: Parameters<typeof startSquall>[1] = {}): Promise<Ended> =>
  startSquall(args, options).ended;
