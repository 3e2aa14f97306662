import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';

const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8');
const manifest: Readonly<Record<'dependencies' | 'devDependencies', Record<string, string>>> = JSON.parse(read('package.json'));
const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
const documented = read('docs/dependencies.md')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) =>
    line
      .split('|')[1]!
      .split(',')
      .map((name) => name.trim()),
  );

describe('docs/dependencies.md', () => {
  it.each(names)('says why %s is there', (name) => {
    expect(documented).toContain(name);
  });

  it('names nothing that is not there', () => {
    expect(documented.filter((name) => name !== 'package' && !/^-+$/.test(name) && !names.includes(name))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('carries no download addresses', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/);
  });
});
