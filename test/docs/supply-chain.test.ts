import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: true;
  readonly link?: true;
  readonly hasInstallScript?: true;
}

const readJson = (file: string) => JSON.parse(readFileSync(join(packageRoot, file), 'utf8'));
const lock: Readonly<Record<string, Locked>> = readJson('package-lock.json').packages;
const allowScripts: Readonly<Record<string, boolean>> = readJson('package.json').allowScripts;

const all = Object.entries(lock).filter(([path]) => path !== '');
const production = all.filter(([, { dev }]) => !dev);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Licences that ask for no more than a notice: they suit MIT. */
const LICENCES = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'Zlib',
  'CC0-1.0',
  'Python-2.0',
];

/** Packages that say their licence in a file alone; each was read, November 2026. */
const LICENCES_BY_FILE: Readonly<Record<string, string>> = { buildcheck: 'MIT', 'cpu-features': 'MIT', ssh2: 'MIT' };

/** Production dependencies that come with install scripts; `allowScripts` of package.json keeps npm from running them. */
const WITH_SCRIPTS = ['cpu-features', 'protobufjs', 'ssh2'];

/** `(MIT AND Zlib)` asks for both, `(MIT OR GPL)` for one. */
const isAllowed = (licence: string): boolean => {
  const plain = licence.replace(/^\(|\)$/g, '');
  if (plain.includes(' OR ')) return plain.split(' OR ').some((one) => LICENCES.includes(one));
  return plain.split(' AND ').every((one) => LICENCES.includes(one));
};

describe('the lock file', () => {
  it('has a strong check sum of every package, and of none an address', () => {
    expect(all.filter(([, { link, integrity }]) => !link && !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    expect(all.filter(([, { resolved, link }]) => !link && resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('has production dependencies of licences alone that suit MIT', () => {
    const others = production
      .map(([path, { license }]) => ({ path, licence: license ?? LICENCES_BY_FILE[nameOf(path)] ?? 'not told' }))
      .filter(({ licence }) => !isAllowed(licence));
    expect(others).toEqual([]);
  });

  it('has no install scripts in production dependencies beyond those that are known, and none of them is run', () => {
    const found = production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect([...new Set(found)].filter((name) => allowScripts[name] !== false)).toEqual([]);
    expect([...new Set(found)].filter((name) => ![...WITH_SCRIPTS, 'msw'].includes(name))).toEqual([]);
  });

  it('runs no install script but that of Node.js itself, in development', () => {
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node']);
  });

  it('takes packages from the registry alone: no git, no folder, no address', () => {
    const { dependencies, devDependencies } = readJson('package.json');
    const strange = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^[\^~]?\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(range)),
    );
    expect(strange).toEqual([]);
  });
});
