import type { SutExit } from '../../sut/sut.ts';
import type { ChildExit } from './child.ts';

/** What ends a run early. */
export type EarlyEnd =
  | { readonly type: 'interrupted' }
  | { readonly type: 'sut-exited'; readonly text: string }
  | { readonly type: 'aborted'; readonly text: string }
  | { readonly type: 'broken'; readonly text: string };

/** Watches for what ends a run early: the first thing wins. */
export interface Ending {
  readonly early: Promise<EarlyEnd>;
  broken(text: string): void;
  /** A stop condition holds. */
  abort(text: string): void;
  watchSut(exited: Promise<SutExit>): void;
  /** @param title as within a sentence, e.g. `the aws emulator` */
  watchPart(title: string, exited: Promise<ChildExit>): void;
  /** Whether the run has been interrupted, or is just about to be. */
  isInterrupted(): Promise<boolean>;
  /** Stops watching. */
  dispose(): void;
}

/**
 * A signal to the whole group of processes (Ctrl-C, a time limit) may end a child before squall has heard of it: so long it waits whether
 * it was meant for all.
 */
const GROUP_SIGNAL_GRACE_MS = 100;
const GROUP_SIGNALS: readonly (string | null)[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export const createEnding = (signal: AbortSignal | undefined): Ending => {
  const early = Promise.withResolvers<EarlyEnd>();
  const interrupt = () => early.resolve({ type: 'interrupted' });
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt);

  const isInterrupted = async () => {
    if (!signal || signal.aborted) return signal !== undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(finish, GROUP_SIGNAL_GRACE_MS);
      function finish() {
        clearTimeout(timer);
        signal!.removeEventListener('abort', finish);
        resolve();
      }
      signal.addEventListener('abort', finish);
    });
    return signal.aborted;
  };

  const watch = (exited: Promise<{ readonly text: string; readonly signal: string | null }>, toEnd: (text: string) => EarlyEnd) =>
    void exited.then(async (exit) => {
      if (GROUP_SIGNALS.includes(exit.signal) && (await isInterrupted())) return;
      early.resolve(toEnd(exit.text));
    });

  return {
    early: early.promise,
    broken: (text) => early.resolve({ type: 'broken', text }),
    abort: (text) => early.resolve({ type: 'aborted', text }),
    watchSut: (exited) => watch(exited, (text) => ({ type: 'sut-exited', text })),
    watchPart: (title, exited) => watch(exited, (text) => ({ type: 'broken', text: `${title} ${text}` })),
    isInterrupted,
    dispose: () => signal?.removeEventListener('abort', interrupt),
  };
};
