import { SquallError } from '../errors.ts';
import type { OutputLine } from './sut.ts';

/** Waits for a line that says that a system under test is ready. */
export interface OutputWatch {
  add(line: OutputLine): void;
  /**
   * Resolves when the line has come; at once where none is waited for.
   * @throws {SquallError} `SUT_FAILED` when it takes too long; the signal's reason when that is aborted
   */
  seen(signal: AbortSignal, withinMs: number): Promise<void>;
}

/** @param pattern regular expression; undefined waits for nothing */
export const watchOutput = (pattern: string | undefined): OutputWatch => {
  if (pattern === undefined) return { add: () => undefined, seen: async () => undefined };
  const expected = new RegExp(pattern);
  const found = Promise.withResolvers<void>();
  return {
    add({ text }) {
      if (expected.test(text)) found.resolve();
    },
    async seen(signal, withinMs) {
      const given = Promise.withResolvers<never>();
      const abort = () => given.reject(signal.reason);
      const late = () =>
        given.reject(
          new SquallError(
            'SUT_FAILED',
            `The system under test printed no line like /${pattern}/ within ${withinMs / 1000} s.`,
            'That is what `ready.log` waits for.',
          ),
        );
      const timer = setTimeout(late, withinMs);
      signal.addEventListener('abort', abort);
      try {
        signal.throwIfAborted();
        await Promise.race([found.promise, given.promise]);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      }
    },
  };
};
