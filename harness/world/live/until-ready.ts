import { SquallError } from '../../errors.ts';
import type { Child } from './child.ts';
import type { FailedMessage } from './protocol.ts';

/** Starting takes a second or two on an idle machine: Node, the model's runtime, a key pair. */
const READY_WITHIN_MS = 30_000;

type ReadyOf<Up> = Extract<Up, { readonly type: 'ready' }>;

/**
 * The child's first `ready` message.
 * @param title what the child is, as a sentence begins with it
 * @param code of the error when the child ends before it is ready, or takes too long; what the child itself says is wrong keeps its code
 * @throws {SquallError} as a rejection
 */
export const untilReady = <Down, Up extends { readonly type: string }>(
  child: Child<Down, Up | FailedMessage>,
  title: string,
  code: 'EMULATOR_FAILED' | 'GATEWAY_FAILED' | 'SUT_FAILED',
  withinMs = READY_WITHIN_MS,
): Promise<ReadyOf<Up>> => {
  const { promise, resolve, reject } = Promise.withResolvers<ReadyOf<Up>>();
  const late = () =>
    reject(
      new SquallError(
        code,
        `${title} was not ready within ${withinMs / 1000} s.`,
        'Is the machine busy? Try again when it is not.',
      ),
    );
  const timer = setTimeout(late, withinMs);
  child.onMessage((message) => {
    if (message.type === 'ready') resolve(message as ReadyOf<Up>);
    if (message.type !== 'failed') return;
    const failed = message as FailedMessage;
    reject(
      failed.code
        ? new SquallError(failed.code, failed.text, failed.remedy)
        : new SquallError(code, `${title} failed to start: ${failed.text}`),
    );
  });
  void child.exited.then(({ text }) => reject(new SquallError(code, `${title} ${text}, before it was ready.`)));
  return promise.finally(() => clearTimeout(timer));
};

/** A promise that may be left alone: Node does not report its rejection as unhandled. */
export const quietly = <Value>(promise: Promise<Value>): Promise<Value> => {
  promise.catch(() => undefined);
  return promise;
};
