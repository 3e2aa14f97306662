import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { SquallError } from '../errors.ts';
import { loadInThread } from '../scenario/module-thread.ts';
import { positionInStack } from '../scenario/position-in-stack.ts';
import { type ConfigFile, configFile } from './schema.ts';

/** In this order; the first that is there counts. */
const FILE_NAMES = ['squall.config.ts', 'squall.config.mts', 'squall.config.js', 'squall.config.mjs', 'squall.config.json'];

/** A configuration, and where its paths start from. */
export interface LoadedConfig {
  readonly config: ConfigFile;
  /** As messages name it; null where there is no file. */
  readonly file: string | null;
  readonly folder: string;
}

const find = (named: string | undefined, folder: string): string | undefined => {
  if (named === undefined) return FILE_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  const path = resolve(folder, named);
  if (!existsSync(path)) throw new SquallError('NOT_FOUND', `--config: ${named} does not exist.`);
  return path;
};

const read = async (path: string, shown: string): Promise<unknown> => {
  if (extname(path) === '.json') {
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      throw new SquallError('BAD_FLAG', `${shown} is no JSON: ${(error as Error).message}.`);
    }
  }
  const loaded = await loadInThread(path);
  if (loaded.type === 'failed') {
    const place = positionInStack(loaded.stack, path);
    const where = place === undefined ? shown : `${shown}:${place.line}:${place.column}`;
    throw new SquallError('BAD_FLAG', `${where}: the module can't be loaded: ${loaded.message.trim().split('\n')[0]}.`);
  }
  return loaded.content;
};

/**
 * The configuration of a folder: `squall.config.ts` or its kind, or the file that is named. None is an empty one.
 * @throws {SquallError} `NOT_FOUND` for a named file that is not there, `BAD_FLAG` for what can't be read or is no configuration
 */
export const loadConfig = async (named?: string, folder = process.cwd()): Promise<LoadedConfig> => {
  const path = find(named, folder);
  if (path === undefined) return { config: {}, file: null, folder };
  const shown = relative(folder, path) || path;
  const parsed = configFile.safeParse((await read(path, shown)) ?? {});
  if (parsed.success) return { config: parsed.data, file: shown, folder: dirname(path) };
  const lines = parsed.error.issues.map(
    ({ path: at, message }) => `${shown}: ${at.length === 0 ? '' : `${at.join('.')}: `}${message}`,
  );
  throw new SquallError('BAD_FLAG', lines.join('\n'), 'docs/bring-your-own.md lists what it may hold.');
};
