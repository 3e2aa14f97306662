import { readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parse } from 'yaml';
import { SquallError } from '../errors.ts';
import { connectionsFor } from '../load/connections.ts';
import { nearestNames } from '../nearest-names.ts';
import { formatPath } from '../scenario/problem.ts';
import { resolveScenario } from '../scenario/resolve.ts';
import type { GatewayRegion } from '../topology/regions.ts';
import { type ImportFile, parseContent } from './content.ts';
import type { ImportFormat, ReadOptions } from './format.ts';
import { importFormats } from './formats/index.ts';
import type { Unimported } from './incident.ts';
import { importLimits } from './limits.ts';
import { badFile } from './problem.ts';
import { createRegionMap } from './regions.ts';
import type { ScenarioDraft } from './scenario/draft.ts';
import { scenarioFromExperiment } from './scenario/from-experiment.ts';
import { scenarioFromIncident } from './scenario/from-incident.ts';
import { writeScenario } from './scenario/write.ts';

export interface ImportOptions extends ReadOptions {
  /** Name of a format; found out by the content when left out. */
  readonly format?: string | undefined;
  /** Of the scenario; the file's when left out. */
  readonly name?: string | undefined;
  /** Regions by the names that the recording has for them. */
  readonly map: Readonly<Record<string, string>>;
  readonly gateway: GatewayRegion;
  readonly speed?: number | undefined;
  readonly quietMs?: number | undefined;
  readonly ratePerS?: number | undefined;
}

/** A scenario made of a file. */
export interface ImportResult {
  readonly format: string;
  readonly draft: ScenarioDraft;
  /** What the scenario does not have. */
  readonly unimported: readonly Unimported[];
  /** The scenario file. */
  readonly yaml: string;
}

/** @throws {SquallError} `NOT_FOUND`, `BAD_SCENARIO` */
const readFile = (path: string): ImportFile => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new SquallError('NOT_FOUND', `${path} does not exist.`);
  if (!stats.isFile()) throw badFile(path, undefined, 'is not a file');
  if (stats.size > importLimits.fileBytes) {
    throw badFile(
      path,
      undefined,
      `has ${stats.size} bytes; expected at most ${importLimits.fileBytes}: cut out the stretch that is needed`,
    );
  }
  try {
    return { name: path, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    throw badFile(path, undefined, `can't be read: ${(error as Error).message}`);
  }
};

const findFormat = (name: string): ImportFormat => {
  const format = importFormats.find((one) => one.name === name);
  if (format) return format;
  const names = importFormats.map((one) => one.name);
  throw new SquallError(
    'BAD_FLAG',
    `--format: no format is called "${name}".${nearestNames(name, names)}`,
    `Formats: ${names.join(', ')}.`,
  );
};

/** A name that a scenario may have, from a file's. */
const nameOf = (path: string): string =>
  basename(path, extname(path))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64) || 'incident';

/** What is written must run: flags may ask for more than a scenario can be, or a machine can send. */
const checkScenario = (path: string, yaml: string): void => {
  const refuse = (why: string) =>
    badFile(
      path,
      undefined,
      `makes a scenario that would be refused: ${why}`,
      'Ask for another --speed or --rate, or cut out the stretch that is needed.',
    );
  const { scenario, problems } = resolveScenario(parse(yaml), 'incident');
  if (!scenario) throw refuse(`${formatPath(problems[0]!.path)}: ${problems[0]!.message}`);
  try {
    connectionsFor(scenario.load);
  } catch (error) {
    throw refuse((error as Error).message);
  }
};

/**
 * Makes a scenario of a recorded incident or another tool's experiment.
 * @throws {SquallError} with the one thing that is wrong: file, line and column
 */
export const importFile = (path: string, options: ImportOptions): ImportResult => {
  const chosen = options.format === undefined ? undefined : findFormat(options.format);
  const file = readFile(path);
  const content = parseContent(file);
  const format = chosen ?? importFormats.find((one) => one.detects(content));
  if (!format) {
    const names = importFormats.map((one) => one.name);
    throw badFile(path, { line: 1 }, `is in no format that is known; expected one of ${names.join(', ')}`);
  }
  const imported = format.read(file, content, options);
  const common = {
    name: options.name ?? nameOf(path),
    source: basename(path),
    mapRegion: createRegionMap(options.map),
    gateway: options.gateway,
  };
  const { speed, quietMs, ratePerS } = options;
  const { draft, unimported } =
    imported.type === 'experiment'
      ? scenarioFromExperiment(imported, { ...common, speed, ratePerS })
      : scenarioFromIncident(imported, { ...common, speed, quietMs, ratePerS });
  const yaml = writeScenario(draft, unimported);
  checkScenario(path, yaml);
  return { format: format.name, draft, unimported, yaml };
};
