import { InvalidArgumentError } from 'commander';
import type { Budget, Shard } from '../harness/explore/search.ts';
import { duration } from '../harness/scenario/units.ts';

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

/** `2/4` is the second of four. @throws {InvalidArgumentError} which commander prints with the flag's name */
export const parseShard = (value: string): Shard => {
  const [, index, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(value) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (!(shard.index >= 1 && shard.index <= shard.of && shard.of <= MAX_SHARDS)) {
    throw new InvalidArgumentError(`It must be i/n with i from 1 to n, and n at most ${MAX_SHARDS}: 2/4 is the second of four.`);
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
