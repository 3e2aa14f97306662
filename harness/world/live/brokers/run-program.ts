import { type ChildProcess, spawn } from 'node:child_process';
import { freePort } from '../../../wire/free-port.ts';
import { createLastWords } from '../last-words.ts';
import type { BrokerProgram } from './programs.ts';

/** LocalStack takes ten seconds, on a busy machine a minute. */
const READY_WITHIN_MS = 120_000;
const POLL_MS = 50;

/** A broker's program, running. */
export interface RunningProgram {
  readonly port: number;
  /** To all of it, at once. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when it has ended, with how. */
  readonly exited: Promise<string>;
}

const exitOf = (child: ChildProcess, lastWords: () => string): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
      const words = lastWords();
      resolve(words === '' ? how : `${how}: ${words}`);
    });
  });

/**
 * Starts a broker's program, and resolves when it serves.
 * @param asked its port; 0 takes a free one
 * @param folder where it keeps what it has; it is there
 * @param onStarted hears of it before it is ready, so that it can be ended whatever happens
 * @throws when it ends before it is ready, or takes too long
 */
export const runProgram = async (
  program: BrokerProgram,
  command: string,
  { asked, folder, onStarted }: { readonly asked: number; readonly folder: string; onStarted(running: RunningProgram): void },
): Promise<RunningProgram> => {
  const port = asked === 0 ? await freePort() : asked;
  const words = createLastWords();
  // A group of its own: what it starts ends with it, and the terminal's signals are the run's affair.
  const child = spawn(command, program.arguments(port, folder), {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...program.environment(port, folder) },
  });
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => words.add(chunk));
  const exited = exitOf(child, () => words.text());
  const running: RunningProgram = {
    port,
    signal(signal) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It has just ended by itself.
      }
    },
    exited,
  };
  onStarted(running);
  let end: string | undefined;
  void exited.then((text) => {
    end = text;
  });
  for (const endsAtMs = performance.now() + READY_WITHIN_MS; ; ) {
    if (end !== undefined) throw new Error(`it ${end}`);
    if (await program.isReady(port).catch(() => false)) return running;
    if (performance.now() > endsAtMs) throw new Error(`it was not ready within ${READY_WITHIN_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};
