import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve as resolvePath } from 'node:path';
import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import { packageRoot } from '../package-root.ts';
import { badDocument, badSyntax } from './bad-document.ts';
import { limits } from './limits.ts';
import { readModule } from './module-source.ts';
import { resolveScenario } from './resolve.ts';
import type { Scenario } from './scenario.ts';
import type { Source } from './source.ts';
import { readJson, readYaml } from './yaml-source.ts';

const library = join(packageRoot, 'scenarios');

const textReader =
  (read: (text: string) => Source) =>
  async (file: string): Promise<Source> =>
    read(readFileSync(file, 'utf8'));

/** How a scenario file is read, by its extension. */
const readers: Readonly<Record<string, (file: string) => Promise<Source>>> = {
  '.yaml': textReader(readYaml),
  '.yml': textReader(readYaml),
  '.json': textReader(readJson),
  '.ts': readModule,
  '.mts': readModule,
  '.js': readModule,
  '.mjs': readModule,
};

const extensions = Object.keys(readers).join(', ');

/** What is known of a shipped scenario without running it. */
export interface ScenarioSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Designs that it can be run with: `--design`. */
  readonly designs: readonly string[];
}

const shippedNames = (): readonly string[] =>
  readdirSync(library)
    .filter((file) => extname(file) === '.yaml')
    .map((file) => basename(file, '.yaml'))
    .sort();

const unknownScenario = (name: string): SquallError => {
  const names = shippedNames();
  return new SquallError(
    'NOT_FOUND',
    `No scenario is called "${name}".${nearestNames(name, names)}`,
    `Scenarios: ${names.join(', ')}. A file of your own is named with its extension: ${extensions}.`,
  );
};

const missingFile = (path: string): SquallError => {
  const folder = dirname(resolvePath(path));
  if (!existsSync(folder)) return new SquallError('NOT_FOUND', `${path} does not exist, nor does the folder ${dirname(path)}.`);
  const files = readdirSync(folder).filter((file) => Object.hasOwn(readers, extname(file)));
  const extended = files.find((file) => basename(file, extname(file)) === basename(path));
  const near = extended ? ` Did you mean "${extended}"?` : nearestNames(basename(path), files);
  return new SquallError('NOT_FOUND', `${path} does not exist.${near}`);
};

/** The file of a path, or of a shipped scenario's name. */
const findFile = (pathOrName: string): string => {
  const isPath = extname(pathOrName) !== '' || /[\\/]/.test(pathOrName);
  const file = isPath ? resolvePath(pathOrName) : join(library, `${pathOrName}.yaml`);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw isPath ? missingFile(pathOrName) : unknownScenario(pathOrName);
  if (!stats.isFile())
    throw new SquallError('BAD_SCENARIO', `${pathOrName} is not a file.`, `Name a scenario file: ${extensions}.`);
  if (!Object.hasOwn(readers, extname(file))) {
    throw new SquallError('BAD_SCENARIO', `${pathOrName} is not a scenario file by its extension.`, `Known: ${extensions}.`);
  }
  if (stats.size > limits.fileBytes) {
    throw new SquallError('BAD_SCENARIO', `${pathOrName} has ${stats.size} bytes; expected at most ${limits.fileBytes}.`);
  }
  return file;
};

/**
 * Reads a scenario, checks it, and fills in what it leaves out.
 * @param pathOrName name of a shipped scenario, or path of a .yaml, .json, .ts or .js file
 * @throws {SquallError} `NOT_FOUND`; `BAD_SCENARIO` with one line for each problem: file, line, column, path in the document
 */
export const loadScenario = async (pathOrName: string): Promise<Scenario> => {
  const file = findFile(pathOrName);
  const source = await readers[extname(file)]!(file);
  const shownFile = extname(pathOrName) === '' ? `${pathOrName}.yaml` : pathOrName;
  if (source.syntaxProblems) throw badSyntax(shownFile, source.syntaxProblems);
  const { scenario, problems } = resolveScenario(source.content, fallbackName(file), dirname(file));
  if (scenario) return { ...scenario, file: { name: basename(file), text: readFileSync(file, 'utf8') } };
  throw badDocument(shownFile, source, problems);
};

/** The file's name as a scenario's name. */
const fallbackName = (file: string): string =>
  basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64) || 'scenario';

/** The scenarios that ship, by name. */
export const listScenarios = (): Promise<readonly ScenarioSummary[]> =>
  Promise.all(
    shippedNames().map(async (name) => {
      const { title, description, designs } = await loadScenario(name);
      return { name, title, description, designs: Object.keys(designs) };
    }),
  );
