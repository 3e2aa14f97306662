import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { SquallError } from '../errors.ts';
import { explain } from '../scenario/explain.ts';
import { limits } from '../scenario/limits.ts';
import { formatPath, problemsOf } from '../scenario/problem.ts';
import { resolveScenario } from '../scenario/resolve.ts';
import type { Scenario } from '../scenario/scenario.ts';

const FORMAT = 'squall-replay';
const VERSION = 1;
const MAX_SEED = 2 ** 32 - 1;

const replayFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** Version of squall that wrote it. */
  squall: z.string().max(64),
  /** A scenario file's content: the design and the schedule are in it. */
  scenario: z.record(z.string(), z.unknown()),
  /** What the design was called where it was found. */
  design: z.string().min(1).max(64),
  seed: z.number().int().min(0).max(MAX_SEED),
  /** How explore came to the schedule. */
  path: z.string().max(10_000),
  /** What was broken, the first one being what was looked for. */
  expected: z
    .array(z.strictObject({ rule: z.string().min(1).max(200), text: z.string().max(4000) }))
    .min(1)
    .max(1000),
});

/** A run that broke something, with all that is needed to run it again. Plain JSON. */
export type ReplayFile = z.output<typeof replayFile>;

/** A replay file that was read, with its scenario made whole. */
export interface Replay {
  readonly file: ReplayFile;
  readonly scenario: Scenario;
}

/** @returns the file's text */
export const writeReplay = (replay: Omit<ReplayFile, 'format' | 'version'>): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, ...replay }, null, 2)}\n`;

const bad = (path: string, text: string): SquallError =>
  new SquallError(
    'BAD_SCENARIO',
    `${path}: ${text}`,
    '`squall explore` writes replay files; a scenario file is for `squall run`.',
  );

/**
 * Reads a replay file and checks all of it.
 * @throws {SquallError} `NOT_FOUND`; `BAD_SCENARIO` with what is wrong where
 */
export const readReplay = (path: string): Replay => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile())
    throw new SquallError('NOT_FOUND', `${path} is not a file.`, 'Name a replay file that `squall explore` has saved.');
  if (stats.size > limits.fileBytes) throw bad(path, `has ${stats.size} bytes; expected at most ${limits.fileBytes}.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // V8 quotes the text with its line breaks.
    throw bad(path, `not JSON: ${(error as Error).message.replace(/\s+/g, ' ')}`);
  }
  const { format, version } = (typeof content === 'object' && content !== null ? content : {}) as Partial<ReplayFile>;
  if (format !== FORMAT)
    throw bad(path, `not a replay file: format is ${JSON.stringify(format) ?? 'missing'}, expected ${FORMAT}.`);
  if (version !== VERSION) {
    throw bad(path, `version ${JSON.stringify(version) ?? 'is missing'}; this squall reads version ${VERSION}.`);
  }
  const parsed = replayFile.safeParse(content, { error: explain });
  const say = (problems: ReturnType<typeof problemsOf>, base: string) =>
    bad(path, problems.map(({ path: at, message }) => `${base}${formatPath(at) || 'the file'}: ${message}`).join(`\n${path}: `));
  if (!parsed.success) throw say(problemsOf(parsed.error), '');
  const { scenario, problems } = resolveScenario(parsed.data.scenario, 'replay');
  if (!scenario) throw say(problems, 'scenario.');
  return { file: parsed.data, scenario };
};
