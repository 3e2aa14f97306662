import { SquallError } from '../errors.ts';
import type { PortRange } from './ports.ts';

/** Whether another has the port. */
export const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

/** Why a port that was asked for can't be had; the error itself when the port is not what is wrong. */
export const explainPort = (error: unknown, port: number): unknown => {
  if (isTaken(error)) {
    return new SquallError(
      'PORT_IN_USE',
      `Port ${port} on 127.0.0.1 is in use.`,
      'Stop the program that holds it, or name another port.',
    );
  }
  if ((error as NodeJS.ErrnoException).code === 'EACCES') {
    return new SquallError('BAD_FLAG', `Port ${port} is not for this user.`, 'Take one from 1024 on.');
  }
  return error;
};

/** No port of the wire's range is free. */
export const noFreePort = ({ lowest, highest }: PortRange): SquallError =>
  new SquallError(
    'PORT_IN_USE',
    `Every port of 127.0.0.1 from ${lowest} to ${highest} is in use; the wire needs one a link.`,
    'Stop the programs that hold them.',
  );
