import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../entry.ts';
import { SquallError } from '../errors.ts';
import type { EngineAddress } from './engine.ts';

export type ToReaper =
  | { readonly type: 'watch'; readonly engine: EngineAddress; readonly label: string }
  | { readonly type: 'also'; readonly label: string }
  | { readonly type: 'reap' };

export type FromReaper =
  | { readonly type: 'ready'; readonly swept: number }
  | { readonly type: 'done'; readonly problem?: string };

/** The process that removes what a run started, also when squall is killed. */
export interface Reaper {
  /** How many containers, networks and images of runs whose process is gone were removed at the start. */
  readonly swept: number;
  /** Removes what bears another label too, e.g. a Compose project's `com.docker.compose.project=<name>`. */
  also(label: string): void;
  /**
   * Removes all, and ends the process.
   * @throws {SquallError} `CONTAINER_FAILED` when something is left
   */
  reap(): Promise<void>;
}

/**
 * Starts the reaper of a run, which first removes what runs left whose process is gone.
 * @param label of all that the run starts, e.g. `squall.run=<id>`
 */
export const startReaper = async (engine: EngineAddress, label: string): Promise<Reaper> => {
  const child = fork(fileURLToPath(entryBeside('./reaper-main', import.meta.url)), [], {
    cwd: '/',
    detached: true,
    execArgv: [],
    // No stream is shared: who reads squall's output to its end would wait for the reaper's.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const send = (message: ToReaper) => {
    if (child.connected) child.send(message, () => undefined);
  };
  const exited = once(child, 'exit').then(([code, signal]) => ({ type: 'exited' as const, how: signal ?? `code ${code}` }));
  exited.catch(() => undefined);
  const next = async () => Promise.race([once(child, 'message').then(([message]) => message as FromReaper), exited]);
  const lost = (how: string) =>
    new SquallError('CONTAINER_FAILED', `The process that removes the containers at the end went away (${how}).`);

  send({ type: 'watch', engine, label });
  const first = await next();
  if (first.type !== 'ready') throw lost(first.type === 'exited' ? first.how : 'out of turn');
  // It must not keep squall from ending: when squall does, the channel closes, and the reaper does its work.
  child.unref();
  child.channel?.unref();

  return {
    swept: first.swept,
    also: (more) => send({ type: 'also', label: more }),
    async reap() {
      child.ref();
      child.channel?.ref();
      send({ type: 'reap' });
      const last = await next();
      if (last.type === 'exited') throw lost(last.how);
      if (last.type === 'done' && last.problem)
        throw new SquallError(
          'CONTAINER_FAILED',
          `Containers may be left: ${last.problem}.`,
          `docker ps --all --filter label=${label} lists them; the next run with containers removes them.`,
        );
      await exited;
    },
  };
};
