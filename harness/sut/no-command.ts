import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { byNearness, nearestNames } from '../nearest-names.ts';

/** `container:x`, `ftp://x`; of two letters at least: `C:\server.exe` is a path. */
const NAMED = /^([a-z][a-z0-9+.-]+):(.*)$/i;
/** `127.0.0.1:4000`, `[::1]:4000/v1`, `:4000`. */
const ADDRESS = /^([\w.-]*|\[[\da-f:]+\]):(\d+(?:\/\S*)?)$/i;
const PREFIXES = ['docker', 'compose', 'http', 'https'] as const;
/** What others call them. */
const ALIASES: Readonly<Record<string, (typeof PREFIXES)[number]>> = {
  container: 'docker',
  image: 'docker',
  oci: 'docker',
  podman: 'docker',
  'docker-compose': 'compose',
};

/** What the shell would look for: text up to where its own language begins. */
const firstWord = (text: string): string => text.split(/[\s;&|<>()]/, 1)[0]!;

const isOnPath = (word: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, word)));

/** Whether a text reads as the name of something else than a command, and no program has that name. */
export const isNoCommand = (text: string): boolean => {
  const word = firstWord(text);
  return (NAMED.test(word) || ADDRESS.test(word)) && !isOnPath(word);
};

/** ` Did you mean ...?` for a text that is no command; empty where nothing is near. */
export const meantBy = (text: string): string => {
  const [, host, rest] = ADDRESS.exec(text) ?? [];
  if (rest !== undefined) return ` Did you mean http://${host || '127.0.0.1'}:${rest}?`;
  const [, name = '', behind = ''] = NAMED.exec(text) ?? [];
  const prefix = name.toLowerCase();
  if (prefix === 'compose') return ' The file is missing: compose:docker-compose.yml, for one.';
  const alias = ALIASES[prefix] ?? (nearestNames(prefix, PREFIXES) === '' ? undefined : byNearness(prefix, PREFIXES)[0]);
  const url = behind.replace(/^\/*/, '');
  if (alias !== undefined && url !== '') return ` Did you mean ${alias}:${alias.startsWith('http') ? `//${url}` : behind}?`;
  return behind.startsWith('//') && url !== '' ? ` Did you mean http://${url}?` : '';
};
