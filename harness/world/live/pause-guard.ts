import { entryBeside } from '../../entry.ts';
import { startChild } from './child.ts';
import { quietly } from './until-ready.ts';

export type ToPauseGuard = { readonly type: 'paused' | 'resumed'; readonly pid: number };
export type FromPauseGuard = { readonly type: 'noted'; readonly pid: number };

/**
 * Pauses processes, and sees to it that none stays so: one that is stopped does not notice that squall has ended, and would be left behind for ever. A
 * process of its own knows which are paused, and lets them go on when squall is gone, whatever ended it; then they end as ever.
 */
export interface PauseGuard {
  /** SIGSTOP. Resolves when it is sent. */
  pause(pid: number): Promise<void>;
  /** SIGCONT, if it was paused. */
  resume(pid: number): void;
  stop(): Promise<void>;
}

export const startPauseGuard = (): PauseGuard => {
  const child = startChild<ToPauseGuard, FromPauseGuard>(entryBeside('./pause-guard-main', import.meta.url));
  const paused = new Set<number>();
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  child.onMessage(({ pid }) => waiting.get(pid)?.resolve());
  const gone = quietly(
    child.exited.then(({ text }): never => {
      throw new Error(`the process that lets paused nodes go on ${text}`);
    }),
  );
  return {
    async pause(pid) {
      if (paused.has(pid)) return;
      const noted = Promise.withResolvers<void>();
      waiting.set(pid, noted);
      child.send({ type: 'paused', pid });
      // First it must be known: squall may be killed right after.
      await Promise.race([noted.promise, gone]);
      waiting.delete(pid);
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
      child.send({ type: 'resumed', pid });
    },
    stop: child.stop,
  };
};
