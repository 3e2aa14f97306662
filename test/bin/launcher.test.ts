import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';

const manifestIn = (file: string) =>
  JSON.parse(readFileSync(join(packageRoot, file), 'utf8')) as { bin: { squall: string }; packages: { '': { bin: object } } };
const { bin } = manifestIn('package.json');

describe('the file that npm links as the command', () => {
  let outer: string;
  let root: string;
  beforeEach(() => {
    outer = mkdtempSync(join(tmpdir(), 'squall-bin-'));
    root = outer;
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  /** A package whose command prints what it was made of, and the first argument. */
  const command = (...parts: readonly ('sources' | 'build')[]): string => {
    const file = join(root, bin.squall);
    mkdirSync(dirname(file), { recursive: true });
    cpSync(join(packageRoot, bin.squall), file);
    write('package.json', '{ "type": "module" }');
    if (parts.includes('sources'))
      write('bin/squall.ts', "const word: string = process.argv[2]!; process.stdout.write('sources ' + word);");
    if (parts.includes('build')) write('dist/bin/squall.js', "process.stdout.write('build ' + process.argv[2]);");
    return file;
  };
  const run = (file: string) => execFileSync(process.execPath, [file, 'list'], { encoding: 'utf8' });

  it('is in the repository, and can be run as it is', () => {
    expect(manifestIn('package-lock.json').packages[''].bin).toEqual(bin);
    expect(bin.squall).not.toMatch(/^dist/);
    accessSync(join(packageRoot, bin.squall), constants.X_OK);
  });

  it('runs the sources where nothing is built, without a word of its own', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [command('sources'), 'list'], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['sources list', '']);
  });

  it('runs what is built', () => {
    expect(run(command('sources', 'build'))).toBe('build list');
  });

  it('runs what is built in a package that is installed, where Node.js strips no types', () => {
    root = join(outer, 'node_modules', 'squall');
    expect(run(command('build'))).toBe('build list');
  });

  it('says what is wrong where Node.js runs no TypeScript and nothing is built', () => {
    const options = ['--no-experimental-strip-types', command('sources')];
    const { status, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^squall: Node\.js is v\d+.*is not built\.\n {2}Start it by `npx squall`/),
    ]);
  });
});
