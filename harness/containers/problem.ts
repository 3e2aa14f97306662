import { SquallError } from '../errors.ts';

/** What Docker's client throws: the engine's own words are in `json`. */
interface EngineError extends Error {
  readonly statusCode?: number;
  readonly json?: { readonly message?: string };
  readonly code?: string;
}

const isLost = ({ code, message }: EngineError): boolean =>
  code === 'ECONNREFUSED' ||
  code === 'ENOENT' ||
  code === 'ECONNRESET' ||
  /socket hang up|container runtime strategy/.test(message);

/** The HTTP status of the engine's refusal, where the error is one. */
export const engineStatusOf = (error: unknown): number | undefined => (error as EngineError | undefined)?.statusCode;

/**
 * An error of the engine or of its client, as the user reads it.
 * @param what is not done, as a sentence, e.g. `The container redis:7 can't be paused`
 */
export const containerProblem = (what: string, error: unknown): SquallError => {
  if (error instanceof SquallError) return error;
  const failed = error as EngineError;
  if (isLost(failed))
    return new SquallError('NO_DOCKER', `${what}: the Docker engine is gone.`, 'squall doctor says what it finds of it.');
  const words = (failed.json?.message ?? failed.message ?? String(error)).trim().replace(/\.$/, '');
  return new SquallError('CONTAINER_FAILED', `${what}: ${words}.`);
};
