import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';

const EXAMPLE = join(packageRoot, 'examples', 'vitest-suite');
const INSTALL_MS = 300_000;
const RUN_MS = 180_000;

/** How npm says that there is no registry to ask, and that its cache has not all that it needs. */
const NO_REGISTRY = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/;

interface Ended {
  readonly code: number;
  readonly output: string;
}

const run = (command: string, args: readonly string[], cwd: string): Promise<Ended> =>
  new Promise((resolve) => {
    // A test run inside a test run: it must not take itself for a worker of the outer one.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|FORCE_COLOR|SQUALL)/.test(name)),
    );
    execFile(
      command,
      args,
      { cwd, env: { ...env, NO_COLOR: '1' }, shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, output: `${stdout}\n${stderr}` }),
    );
  });

let folder: string;
let tarball: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-example-'));
  // Packing builds first: the tarball is of the source as it is.
  const packed = await run('npm', ['pack', '--pack-destination', folder, '--json'], packageRoot);
  expect(packed.code, packed.output).toBe(0);
  tarball = join(folder, basename(/"filename":\s*"([^"]+)"/.exec(packed.output)?.[1] ?? ''));
}, INSTALL_MS);
// Two installations are many small files: a busy disk takes its time.
afterAll(() => rmSync(folder, { recursive: true, force: true }), INSTALL_MS);

/** The example with the tarball and another version of a package where one is asked for, installed. */
const install = async (name: string, versions: Readonly<Record<string, string>>, context: TestContext): Promise<string> => {
  const project = join(folder, name);
  cpSync(EXAMPLE, project, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  const file = join(project, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { devDependencies: Record<string, string> };
  manifest.devDependencies = { ...manifest.devDependencies, ...versions, squall: `file:${tarball}` };
  writeFileSync(file, JSON.stringify(manifest));
  cpSync(join(packageRoot, '.npmrc'), join(project, '.npmrc'));
  const installed = await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-package-lock'], project);
  if (installed.code !== 0 && NO_REGISTRY.test(installed.output)) context.skip('no package registry can be reached');
  expect(installed.code, installed.output).toBe(0);
  return project;
};

describe('examples/vitest-suite with the packed tarball', () => {
  it.for([
    ['msw 2', {}],
    ['msw 3', { msw: '3.0.5' }],
  ] as const)(
    'installs, type-checks and passes, with %s',
    { timeout: INSTALL_MS + RUN_MS },
    async ([name, versions], context) => {
      const project = await install(name.replace(' ', '-'), versions, context);
      const checked = await run('npm', ['run', 'typecheck'], project);
      expect(checked.code, checked.output).toBe(0);
      const tested = await run('npm', ['test'], project);
      expect(tested.code, tested.output).toBe(0);
      expect(tested.output).toMatch(/Tests +11 passed \(11\)/);
    },
  );
});
