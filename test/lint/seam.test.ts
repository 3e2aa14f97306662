import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const BIOME = join(dirname(createRequire(import.meta.url).resolve('@biomejs/biome/package.json')), 'bin', 'biome');

/** A file that breaks a rule of docs/architecture.md, where it lies, and the rule that must say so. */
const refused: readonly (readonly [where: string, code: string, rule: string])[] = [
  ['mocks/aws', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n", 'noNodejsModules'],
  ['mocks/aws', "import fs from 'fs';\nexport const x = fs;\n", 'noNodejsModules'],
  ['mocks/aws', "export const x = await import('node:crypto');\n", 'noNodejsModules'],
  ['mocks/aws', 'export const x = process.env;\n', 'noRestrictedGlobals'],
  ['mocks/aws', "import { request } from 'undici';\nexport const x = request;\n", 'noRestrictedImports'],
  ['mocks/aws', "export const x = Buffer.from('a');\n", 'noRestrictedGlobals'],
  ['mocks/aws', "import { judge } from '../../harness/verdict/judge.ts';\nexport const x = judge;\n", 'noRestrictedImports'],
  ['harness/serving', "import { connect } from 'node:net';\nexport const x = connect;\n", 'noNodejsModules'],
  ['harness/serving', 'export const x = () => setImmediate(() => {});\n', 'noRestrictedGlobals'],
  [
    'harness/serving',
    "import { liveWorld } from '../world/live/live-world.ts';\nexport const x = liveWorld;\n",
    'noRestrictedImports',
  ],
  ['harness/serving', "import { createRandom } from '../random.ts';\nexport const x = createRandom;\n", 'noRestrictedImports'],
  [
    'harness/serving/degrade',
    "import { judge } from '../../verdict/judge.ts';\nexport const x = judge;\n",
    'noRestrictedImports',
  ],
  ['harness/serving', "import { judge } from '../verdict/judge.ts';\nexport const x = judge;\n", 'noRestrictedImports'],
  [
    'harness/verdict',
    "import { reporters } from '../../reports/index.ts';\nexport const x = reporters;\n",
    'noRestrictedImports',
  ],
  ['harness', "import { main } from '../bin/main.ts';\nexport const x = main;\n", 'noRestrictedImports'],
  ['reports', "import { main } from '../bin/main.ts';\nexport const x = main;\n", 'noRestrictedImports'],
];

const ALLOWED = "import { Hono } from 'hono';\nexport const x = [fetch, setTimeout, Date, performance, crypto, new Hono()];\n";

let project: string;
let found: ReadonlyMap<string, readonly string[]>;

const fileOf = (index: number | string, where: string) => `${where}/probe-${index}.ts`;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'squall-lint-'));
  copyFileSync(join(ROOT, 'biome.json'), join(project, 'biome.json'));
  const write = (path: string, code: string) => {
    mkdirSync(join(project, dirname(path)), { recursive: true });
    writeFileSync(join(project, path), code);
  };
  for (const [index, [where, code]] of refused.entries()) write(fileOf(index, where), code);
  write(fileOf('allowed', 'mocks/aws'), ALLOWED);
  write(
    fileOf('allowed', 'harness/serving/degrade'),
    `import { x } from '../../../mocks/aws/x.ts';\nimport { y } from '../y.ts';\nexport const z = [x, y];\n`,
  );
  const report = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: project },
      (_error, stdout) => resolve(stdout),
    );
  });
  const diagnostics: readonly { category: string; location: { path: string } }[] = JSON.parse(report).diagnostics;
  const byFile = new Map<string, string[]>();
  for (const { category, location } of diagnostics) byFile.set(location.path, [...(byFile.get(location.path) ?? []), category]);
  found = byFile;
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the linter keeps the seam', () => {
  it.each(refused.map((row, index) => [index, ...row] as const))('%i: in %s, %j breaks %s', (index, where, _code, rule) => {
    expect(found.get(fileOf(index, where))?.join()).toContain(rule);
  });

  it.each(['mocks/aws', 'harness/serving/degrade'])('allows web-standard globals, libraries and what lies below: %s', (where) => {
    expect(found.get(fileOf('allowed', where)) ?? []).toEqual([]);
  });
});
