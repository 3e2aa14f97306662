import type { Serializable } from 'node:child_process';
import { SquallError } from '../../errors.ts';
import { takeIdentity } from '../../tls/own-identity.ts';
import type { IdentityMessage } from './child.ts';
import type { FailedMessage } from './protocol.ts';

/** The terminal sends these to the whole group of processes; the squall process decides what they mean. */
const PARENTS_SIGNALS = ['SIGINT', 'SIGHUP'] as const;

/**
 * Runs a child of squall: hands it every message, and ends it with the channel to its
 * parent, whatever ended that.
 * @param handle deals with a message; what it throws is told to the parent as the reason why the child ends
 */
export const runChild = <Down, Up extends { readonly type: string }>(
  handle: (message: Down, send: (message: Up | FailedMessage) => void) => Promise<void>,
): void => {
  // Without a parent there is nothing to do: it has gone while this module was loading, or never was.
  if (!process.connected) process.exit(1);
  process.once('disconnect', () => process.exit(0));
  for (const signal of PARENTS_SIGNALS) process.on(signal, () => undefined);

  const send = (message: Up | FailedMessage) => {
    if (process.connected) process.send!(message as Serializable, undefined, undefined, () => undefined);
  };
  const die = (error: unknown) => {
    // One line, no stack: it ends up before the user.
    process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`);
    process.exitCode = 1;
    const failed: FailedMessage =
      error instanceof SquallError
        ? { type: 'failed', text: error.message, code: error.code, ...(error.remedy ? { remedy: error.remedy } : {}) }
        : { type: 'failed', text: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    if (!process.connected) process.exit(1);
    process.send!(failed, undefined, undefined, () => process.exit(1));
  };
  process.on('uncaughtException', die);
  const take = async (message: unknown): Promise<void> => {
    if ((message as IdentityMessage).type === 'identity') takeIdentity((message as IdentityMessage).identity);
    else await handle(message as Down, send);
  };
  process.on('message', (message) => void take(message).catch(die));
};
