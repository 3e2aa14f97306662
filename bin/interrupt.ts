import { exitCodes } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What SIGINT, SIGTERM and SIGHUP do to the command. */
export interface Interrupts {
  /**
   * From now on the first signal aborts this one and later ones are swallowed, so that impatience can't stop the cleaning up.
   * Until then a signal ends the command at once: nothing has been started that must be cleaned up.
   */
  takeOver(): AbortSignal;
}

/** Starts watching; to be called before anything slow is loaded, so that the exit code is the same at any moment. */
export const watchInterrupts = (): Interrupts => {
  let onSignal: () => void = () => process.exit(exitCodes.interrupted);
  for (const name of SIGNALS) process.on(name, () => onSignal());
  return {
    takeOver() {
      const controller = new AbortController();
      onSignal = () => controller.abort();
      return controller.signal;
    },
  };
};
