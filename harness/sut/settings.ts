import { z } from 'zod';
import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import { duration } from '../scenario/units.ts';

const port = z.number().int().min(1).max(65_535);

/** When a system under test is taken to be ready; left out: when it takes a connection. */
export const readiness = z.strictObject({
  path: z.string().startsWith('/').optional().describe('Answers with a status from 200 to 299 when it is ready.'),
  log: z.string().min(1).optional().describe('Regular expression of a line that it prints when it is ready.'),
  within: duration.prefault('60s').describe('How long it may take.'),
});

/** Of a system that runs already: nobody hears what it prints, and it need not be waited for long. */
export const readinessOfRunning = readiness
  .omit({ log: true })
  .extend({ within: duration.prefault('10s').describe('How long it may take.') });

export type Readiness = z.output<typeof readiness>;

/** What can be said of a system under test of any kind. */
export const commonSettings = {
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([z.string(), z.null()]))
    .prefault({})
    .describe('Further environment variables; null takes one away. What squall sets is written as in a shell, in braces.'),
  ready: readiness.prefault({}),
};

/** Of one that is started: the port that it will listen on. */
export const listenPort = port
  .optional()
  .describe('Port on 127.0.0.1 that it listens on; a free one, which it is told in PORT, when left out.');

/** The port inside of a container. */
export const containerPort = port.describe(
  'Port that it listens on in its container; the one that its image EXPOSEs, or 8080, when left out.',
);

/** `${NAME}`, or `$${NAME}`, which is that text itself. */
const REFERENCE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * The user's variables over squall's: `${NAME}` in a value is one of squall's, and null takes a variable away.
 * @throws {SquallError} `BAD_FLAG` for a name that squall does not set
 */
export const mergeEnvironment = (
  given: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> => {
  const expand = (key: string, value: string) =>
    value.replace(REFERENCE, (reference, name: string) => {
      if (reference.startsWith('$$')) return reference.slice(1);
      const found = given[name];
      if (found !== undefined) return found;
      const names = Object.keys(given);
      throw new SquallError(
        'BAD_FLAG',
        `sut.env.${key}: squall sets no ${name}.${nearestNames(name, names)}`,
        `It sets ${names.join(', ')}. Write $${reference} for the text itself.`,
      );
    });
  const merged: Record<string, string> = { ...given };
  for (const [name, value] of Object.entries(own)) {
    if (value === null) delete merged[name];
    else merged[name] = expand(name, value);
  }
  return merged;
};
