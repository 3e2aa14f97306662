import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryBeside } from '../../entry.ts';
import { type Child, startChild } from './child.ts';

export type ToGuard =
  | { readonly type: 'paused'; readonly id: number; readonly pid: number }
  | { readonly type: 'resumed'; readonly pid: number }
  | { readonly type: 'folder'; readonly id: number; readonly path: string }
  | { readonly type: 'end' };
export interface FromGuard {
  readonly type: 'noted';
  readonly id: number;
}

/**
 * What a run has that would stay when squall is killed: folders with what it told the system under test, and processes that stand still, which do not notice
 * that squall has ended. A process of its own knows of them, and sees to them when squall is gone. It is started with the first of them.
 */
export interface RunGuard {
  /** A folder for this user alone, in the system's folder for temporary files; it goes with the run. @param prefix of its name, e.g. `squall-sut-` */
  folder(prefix: string): Promise<string>;
  /** SIGSTOP. Resolves when it is sent. */
  pause(pid: number): Promise<void>;
  /** SIGCONT, if it was paused. */
  resume(pid: number): void;
  /** Removes the folders; to be called last. */
  stop(): Promise<void>;
}

export const createRunGuard = (): RunGuard => {
  const folders = new Set<string>();
  const paused = new Set<number>();
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let child: Child<ToGuard, FromGuard> | undefined;
  let asked = 0;

  const started = (): Child<ToGuard, FromGuard> => {
    if (child) return child;
    child = startChild<ToGuard, FromGuard>(entryBeside('./run-guard-main', import.meta.url), { isKeeper: true });
    child.onMessage(({ id }) => waiting.get(id)?.resolve());
    return child;
  };

  /** First it must be known: squall may be killed right after. */
  const untilNoted = async (message: (id: number) => ToGuard): Promise<void> => {
    const id = asked++;
    const noted = Promise.withResolvers<void>();
    waiting.set(id, noted);
    const guard = started();
    guard.send(message(id));
    const lost = guard.exited.then(({ text }): never => {
      throw new Error(`the process that guards the run ${text}`);
    });
    await Promise.race([noted.promise, lost]).finally(() => waiting.delete(id));
  };

  return {
    async folder(prefix) {
      const path = join(tmpdir(), `${prefix}${randomUUID().slice(0, 8)}`);
      await untilNoted((id) => ({ type: 'folder', id, path }));
      folders.add(path);
      mkdirSync(path, { mode: 0o700 });
      return path;
    },
    async pause(pid) {
      if (paused.has(pid)) return;
      await untilNoted((id) => ({ type: 'paused', id, pid }));
      paused.add(pid);
      process.kill(pid, 'SIGSTOP');
    },
    resume(pid) {
      if (!paused.delete(pid)) return;
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It has been killed meanwhile.
      }
      child!.send({ type: 'resumed', pid });
    },
    async stop() {
      for (const path of folders) rmSync(path, { recursive: true, force: true, maxRetries: 10 });
      child?.send({ type: 'end' });
      await child?.exited;
    },
  };
};
