import { closeSync, openSync, writeSync } from 'node:fs';
import pc from 'picocolors';
import { SquallError } from '../harness/errors.ts';
import { nearestNames } from '../harness/nearest-names.ts';
import type { ReporterOutput } from '../reports/reporter.ts';
import type { ReporterChoice } from './options.ts';

const DEFAULT_COLUMNS = 80;

/** Opens the chosen file now, so that a path that can't be written is known before the run. */
const fileOutput = (file: string): { readonly output: ReporterOutput; close(): void } => {
  const unwritable = (error: unknown) =>
    new SquallError(
      'BAD_FLAG',
      `--reporter: can't write ${file}: ${(error as Error).message}`,
      'Name a file in a folder that exists, can be written and has room.',
    );
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw unwritable(error);
    }
  };
  const descriptor = attempt(() => openSync(file, 'w'));
  return {
    output: { write: (text) => void attempt(() => writeSync(descriptor, text)), hasColor: false },
    close: () => closeSync(descriptor),
  };
};

const standardOutput = (): ReporterOutput => {
  const watched = process.stderr.isTTY
    ? {
        progress: {
          write: (text: string) => void process.stderr.write(text),
          columns: process.stderr.columns || DEFAULT_COLUMNS,
        },
      }
    : {};
  return {
    write: (text) => void process.stdout.write(text),
    hasColor: pc.isColorSupported && Boolean(process.stdout.isTTY),
    ...watched,
  };
};

/** Reporters by name: reports/index.ts, or another table of what can be made of an output. */
type ReporterTable<Made> = Readonly<Record<string, { readonly create: (output: ReporterOutput) => Made }>>;

const checkNames = (choices: readonly ReporterChoice[], known: readonly string[]) => {
  for (const { name } of choices) {
    if (known.includes(name)) continue;
    throw new SquallError(
      'BAD_FLAG',
      `--reporter: no reporter is called "${name}".${nearestNames(name, known)}`,
      `Reporters: ${known.join(', ')}.`,
    );
  }
  if (choices.filter((choice) => choice.file === undefined).length > 1) {
    throw new SquallError(
      'BAD_FLAG',
      '--reporter: only one reporter can have standard output.',
      'Give the others a file: --reporter terminal,junit=report.xml',
    );
  }
};

/**
 * Makes the chosen reporters, each with its output.
 * @throws {SquallError} `BAD_FLAG` for an unknown name, two on standard output, or a file that can't be written
 */
export const openReporters = <Made>(
  reporters: ReporterTable<Made>,
  choices: readonly ReporterChoice[],
): { readonly all: readonly Made[]; close(): void } => {
  checkNames(choices, Object.keys(reporters));
  const files: { close(): void }[] = [];
  const all = choices.map(({ name, file }) => {
    if (file === undefined) return reporters[name]!.create(standardOutput());
    const opened = fileOutput(file);
    files.push(opened);
    return reporters[name]!.create(opened.output);
  });
  return {
    all,
    close() {
      for (const file of files) file.close();
    },
  };
};
