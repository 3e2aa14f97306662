import { InvalidArgumentError } from 'commander';
import type { Budget } from '../harness/explore/search.ts';
import { duration } from '../harness/scenario/units.ts';
import type { Shard } from '../harness/shard.ts';

const MAX_SEED = 2 ** 32 - 1;
const MAX_PORT = 65_535;
const MAX_SCHEDULES = 10_000_000;
const MAX_SHARDS = 10_000;
const MAX_WORKERS = 256;
const MAX_SEEDS = 100;

const wholeNumber = (value: string, min: number, max: number): number => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  }
  return number;
};

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseSeed = (value: string): number => wholeNumber(value, 0, MAX_SEED);

/** `1..5` is five seeds, `3,7` two. Each once. @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseSeeds = (value: string): readonly number[] => {
  const seeds = value.split(',').flatMap((part) => {
    const [, from, to] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part) ?? [];
    if (from === undefined) throw new InvalidArgumentError('It must be seeds, such as 3, 3,7 or 1..5.');
    const first = wholeNumber(from, 0, MAX_SEED);
    const last = wholeNumber(to ?? from, 0, MAX_SEED);
    if (last < first) throw new InvalidArgumentError('A range goes from the smaller seed to the larger.');
    return Array.from({ length: Math.min(last - first, MAX_SEEDS) + 1 }, (_, index) => first + index);
  });
  const distinct = [...new Set(seeds)];
  if (distinct.length > MAX_SEEDS) throw new InvalidArgumentError(`It must be at most ${MAX_SEEDS} seeds.`);
  return distinct;
};

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parsePort = (value: string): number => wholeNumber(value, 1, MAX_PORT);

/** `60s` is a time, `1000` a count. @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseBudget = (value: string): Budget => {
  if (/^\d+$/.test(value)) return { type: 'count', count: wholeNumber(value, 1, MAX_SCHEDULES) };
  const parsed = duration.safeParse(value);
  if (!parsed.success || parsed.data <= 0) {
    throw new InvalidArgumentError('It must be a time, such as 60s or 5m, or a count of schedules, such as 1000.');
  }
  return { type: 'time', ms: parsed.data };
};

/** What Kubernetes tells each pod of a Job with `completionMode: Indexed`: its number, from 0 ("Jobs", kubernetes.io, read November 2026). */
const JOB_INDEX = 'JOB_COMPLETION_INDEX';

/** @throws {InvalidArgumentError} outside of such a Job, or in one with more completions than shards */
const jobShard = (of: number, index: string | undefined): Shard => {
  if (index === undefined || !/^\d{1,9}$/.test(index)) {
    throw new InvalidArgumentError(
      `job/${of} goes by ${JOB_INDEX}, which pods of a Kubernetes Job with completionMode: Indexed have.`,
    );
  }
  if (Number(index) >= of) {
    throw new InvalidArgumentError(
      `${JOB_INDEX} is ${index}, from 0, and of job/${of} there are ${of}: n must be the Job's completions.`,
    );
  }
  return { index: Number(index) + 1, of };
};

/**
 * `2/4` is the second of four; `job/4` the one of four that a Kubernetes Indexed Job makes of this pod.
 * @throws {InvalidArgumentError} which commander prints with the flag's name
 */
export const parseShard = (value: string, environment: Readonly<Record<string, string | undefined>> = process.env): Shard => {
  const [, first, last] = /^(\d{1,9}|job)\/(\d{1,9})$/.exec(value) ?? [];
  const of = Number(last);
  if (first === 'job' && of >= 1 && of <= MAX_SHARDS) return jobShard(of, environment[JOB_INDEX]);
  const shard = { index: Number(first), of };
  if (!(shard.index >= 1 && shard.index <= shard.of && shard.of <= MAX_SHARDS)) {
    throw new InvalidArgumentError(
      `It must be i/n with i from 1 to n, or job/n, and n at most ${MAX_SHARDS}: 2/4 is the second of four.`,
    );
  }
  return shard;
};

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseWorkers = (value: string): number => wholeNumber(value, 1, MAX_WORKERS);

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseWorld = (value: string): 'live' | 'sim' => {
  if (value !== 'live' && value !== 'sim') throw new InvalidArgumentError('It must be live or sim.');
  return value;
};

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

/** For commander: collects repeated and comma-separated names. @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseNames = (value: string, earlier: readonly string[] = []): readonly string[] => {
  const names = value.split(',').map((part) => part.trim());
  if (names.includes('')) throw new InvalidArgumentError('It must be names, separated by commas.');
  return [...earlier, ...names];
};

/** For commander: collects the values of a repeated option. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
