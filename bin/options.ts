import { InvalidArgumentError } from 'commander';

const MAX_SEED = 2 ** 32 - 1;
const MAX_PORT = 65_535;

const wholeNumber = (value: string, min: number, max: number): number => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  }
  return number;
};

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseSeed = (value: string): number => wholeNumber(value, 0, MAX_SEED);

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parsePort = (value: string): number => wholeNumber(value, 1, MAX_PORT);

/** `junit=report.xml` is reporter `junit` written to that file; `junit` alone goes to standard output. */
export interface ReporterChoice {
  readonly name: string;
  readonly file?: string;
}

/** For commander: collects repeated and comma-separated `--reporter` values. */
export const parseReporters = (value: string, earlier: readonly ReporterChoice[] = []): readonly ReporterChoice[] => [
  ...earlier,
  ...value.split(',').map((part) => {
    const [name = '', ...file] = part.split('=');
    return { name: name.trim(), ...(file.length > 0 ? { file: file.join('=') } : {}) };
  }),
];
