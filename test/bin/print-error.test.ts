import { describe, expect, it } from 'vitest';
import { printError } from '../../bin/print-error.ts';
import { SquallError, type SquallErrorCode } from '../../harness/errors.ts';

const print = (error: unknown) => {
  let text = '';
  const code = printError(error, {
    write: (part) => {
      text += part;
    },
  });
  return { text, code };
};

describe('an error on its way to the user', () => {
  it.each<[SquallErrorCode, number]>([
    ['BAD_SCENARIO', 2],
    ['BAD_FLAG', 2],
    ['NOT_FOUND', 2],
    ['PORT_IN_USE', 2],
    ['NO_DOCKER', 2],
    ['UNSUPPORTED', 2],
    ['BAD_EVIDENCE', 2],
    ['EMULATOR_FAILED', 3],
    ['GATEWAY_FAILED', 3],
    ['CONTAINER_FAILED', 3],
  ])('%s ends with exit code %i, its message and its remedy', (code, exitCode) => {
    expect(print(new SquallError(code, 'Port 80 is in use.', 'Name another.'))).toEqual({
      code: exitCode,
      text: 'squall: Port 80 is in use.\n  Name another.\n',
    });
  });

  it('shows no stack of an internal error', () => {
    const { text, code } = print(new Error('undefined is not a function'));
    expect(code).toBe(3);
    expect(text).toContain('internal error: undefined is not a function');
    expect(text).not.toContain('at ');
  });
});
