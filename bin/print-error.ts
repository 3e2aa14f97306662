import { SquallError } from '../harness/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** Errors that say that the user's input is wrong; the others say that the run could not be judged. */
const BAD_INPUT = new Set(['BAD_SCENARIO', 'BAD_FLAG', 'NOT_FOUND', 'PORT_IN_USE', 'NO_DOCKER', 'UNSUPPORTED', 'BAD_EVIDENCE']);

/**
 * Prints an error as one message and gives the exit code. What is not a SquallError is a fault of squall:
 * its stack is shown only where SQUALL_DEBUG is set.
 */
export const printError = (error: unknown, stderr: { write(text: string): unknown }): number => {
  if (error instanceof SquallError) {
    stderr.write(`squall: ${error.message}\n`);
    if (error.remedy) stderr.write(`  ${error.remedy.replaceAll('\n', '\n  ')}\n`);
    return BAD_INPUT.has(error.code) ? exitCodes.badInput : exitCodes.invalid;
  }
  const detail = error instanceof Error ? (process.env.SQUALL_DEBUG ? error.stack : error.message) : String(error);
  stderr.write(`squall: internal error: ${detail}\n  This is a bug of squall's. SQUALL_DEBUG=1 shows where it is.\n`);
  return exitCodes.invalid;
};
