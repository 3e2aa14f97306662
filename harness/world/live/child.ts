import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { IdentitySource, PartIdentity } from '../../tls/part-identity.ts';
import { createLastWords } from './last-words.ts';

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** In words, with what it printed last, e.g. `exited with code 1: TypeError: no such model`. */
  readonly text: string;
}

/** A child process of the run, spoken to over IPC. */
export interface Child<Down, Up> {
  readonly pid: number | undefined;
  /** Nothing happens when the child is gone: `exited` tells of that. */
  send(message: Down): void;
  /** Every message from now on. */
  onMessage(listener: (message: Up) => void): void;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Asks the process to end, makes it after two seconds, and resolves when it has. */
  stop(): Promise<void>;
}

/** Before anything else, and with each change. Contains a secret. */
export interface IdentityMessage {
  readonly type: 'identity';
  readonly identity: PartIdentity;
}

/** How long a child may take to end in order, milliseconds, where it does not say otherwise. */
const KILL_AFTER_MS = 2_000;

export interface ChildOptions {
  /** Further environment variables; others on the machine can read them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets what it prints, in chunks; standard output is dropped when left out. */
  readonly onOutput?: (stream: 'out' | 'err', chunk: string) => void;
  /** How long it may take to end in order, milliseconds; 2 s when left out. */
  readonly killAfterMs?: number;
  /**
   * Whether it sees to what squall would leave: it has a group of processes to itself then, so that it outlives a SIGKILL to squall's, which is how time
   * limits of CI end a run.
   */
  readonly isKeeper?: boolean;
  /** What it proves itself by to other parts of the run; left out, it speaks plain HTTP with them. */
  readonly identity?: IdentitySource | undefined;
}
/** What a child printed may come a little later than the news of its end; it may not come at all while a grandchild holds the pipe. */
const OUTPUT_GRACE_MS = 250;

/**
 * Starts a child from an entry module. Its output is kept, bounded, for `exited`, and shown nowhere. The child ends when its IPC channel
 * does (child-main.ts), so it outlives squall in no case.
 */
export const startChild = <Down, Up>(
  entry: URL,
  { env: further = {}, onOutput, killAfterMs = KILL_AFTER_MS, isKeeper = false, identity }: ChildOptions = {},
): Child<Down, Up> => {
  const { NODE_USE_ENV_PROXY: _, ...env } = process.env;
  const child = fork(fileURLToPath(entry), [], {
    // Secrets cross as messages, never as arguments or environment, which others on the machine can read.
    env: { ...env, ...further },
    execArgv: [],
    detached: isKeeper,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const words = createLastWords();
  // Standard output is read, so that the child can't block on it, and not kept: errors go to the other.
  if (onOutput) child.stdout!.setEncoding('utf8').on('data', (chunk: string) => onOutput('out', chunk));
  else child.stdout!.resume();
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    words.add(chunk);
    onOutput?.('err', chunk);
  });

  const exited = watchExit(child, () => words.text());
  const tellIdentity = (current: PartIdentity) => {
    if (child.connected) child.send({ type: 'identity', identity: current } satisfies IdentityMessage, () => undefined);
  };
  if (identity) {
    tellIdentity(identity.current);
    void exited.then(identity.watch(tellIdentity));
  }
  return {
    pid: child.pid,
    send(message) {
      // The callback takes the error of a channel that closes meanwhile, which would otherwise be thrown as an event.
      if (child.connected) child.send(message as Serializable, () => undefined);
    },
    onMessage: (listener) => void child.on('message', (message) => listener(message as Up)),
    exited,
    async stop() {
      if (child.connected) child.disconnect();
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await exited;
      clearTimeout(killing);
    },
  };
};

const watchExit = (child: ChildProcess, lastWords: () => string): Promise<ChildExit> =>
  new Promise((resolve) => {
    child.once('error', (error) => {
      // Only a child that could not be started at all has no process id; other errors are of messages that no one waits for.
      if (child.pid === undefined) resolve({ code: null, signal: null, text: `could not be started: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      const finish = () => {
        clearTimeout(grace);
        child.stdout!.destroy();
        child.stderr!.destroy();
        const words = lastWords();
        const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
        resolve({ code, signal, text: words === '' ? how : `${how}: ${words}` });
      };
      const grace = setTimeout(finish, OUTPUT_GRACE_MS);
      child.once('close', finish);
    });
  });
