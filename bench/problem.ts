import { exitCodes } from '../bin/exit-codes.ts';
import { SquallError } from '../harness/errors.ts';

/** Something that whoever runs a bench can put right: its message says how. */
export class BenchProblem extends Error {
  override readonly name = 'BenchProblem';
}

const isOfFlags = (error: Error): boolean => 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** From now on a problem of the user's ends the process with its message alone; a defect keeps its stack. */
export const sayProblems = (): void => {
  process.once('uncaughtException', (error: Error) => {
    if (error instanceof SquallError) console.error([error.message, error.remedy].filter(Boolean).join('\n'));
    else if (error instanceof BenchProblem || isOfFlags(error)) console.error(error.message);
    else console.error(error);
    process.exit(exitCodes.badInput);
  });
};
