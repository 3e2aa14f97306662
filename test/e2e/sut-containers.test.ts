import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { missingForCompose, missingForContainers } from '../support/containers.ts';
import { buildServerImage, SERVER_IMAGE } from '../support/server-image.ts';
import { squall, startSquall } from '../support/squall.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'sut');
const TWO_REGIONS = join(FIXTURES, 'two-regions.yaml');
const TIMEOUT_MS = 180_000;

const docker = (...args: readonly string[]): string => execFileSync('docker', [...args], { encoding: 'utf8' });

const missing = await missingForContainers('node');
const whyNoCompose = (await missingForContainers('node', 'redis')) ?? missingForCompose();

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
buildServerImage(missing);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const reportOf = (stdout: string): RunReport => (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs[0];

/** Containers and networks of a squall process, and containers of the image, that are there. */
const left = (pid: number): readonly string[] =>
  [
    docker('ps', '-aq', '--filter', `label=squall.pid=${pid}`),
    docker('ps', '-aq', '--filter', `ancestor=${SERVER_IMAGE}`),
    docker('network', 'ls', '-q', '--filter', `label=squall.pid=${pid}`),
  ]
    .join('')
    .split('\n')
    .filter(Boolean);

const logOf = (folder: string): string =>
  readdirSync(folder)
    .map((run) => readFileSync(join(folder, run, 'sut.log'), 'utf8'))
    .join('');

const kinds = [
  { sut: `docker:${SERVER_IMAGE}`, why: missing, printed: /^\S+ out listening$/m },
  { sut: `compose:${join(FIXTURES, 'compose.yaml')}`, why: whyNoCompose, printed: /^\S+ out api: listening$/m },
] as const;

describe('a container as the system under test', () => {
  for (const { sut, why, printed } of kinds) {
    const kind = sut.slice(0, sut.indexOf(':'));
    if (why !== undefined) {
      it.skip(`${kind} (${why})`);
      continue;
    }
    it(
      `${kind}: reaches its links, stands the outage, and is gone afterwards`,
      async () => {
        const folder = join(out, kind);
        const running = startSquall(['run', '--json', '--out', folder, TWO_REGIONS, '--sut', sut]);
        const { code, stdout, stderr } = await running.ended;
        expect([code, stderr]).toEqual([0, expect.any(String)]);
        const report = reportOf(stdout);
        expect(report.verdict).toEqual({ outcome: 'passed' });
        expect(Object.keys(report.phases.find(({ name }) => name === 'region-outage')!.servedBy)).toContain(
          'azure/westus/ml-online-endpoint',
        );
        expect(logOf(folder)).toMatch(printed);
        expect(left(running.process.pid!)).toEqual([]);
      },
      TIMEOUT_MS,
    );

    it(
      `${kind}: is gone when squall is killed`,
      async () => {
        const running = startSquall(['run', '--json', '--out', out, TWO_REGIONS, '--sut', sut]);
        await running.until(() => docker('ps', '-q', '--filter', `ancestor=${SERVER_IMAGE}`).trim() !== '');
        running.process.kill('SIGKILL');
        await running.ended;
        await expect.poll(() => left(running.process.pid!), { timeout: 60_000, interval: 500 }).toEqual([]);
      },
      TIMEOUT_MS,
    );
  }

  it('whose image is not here is refused, with the way to it', async () => {
    const { code, stderr } = await squall(['run', TWO_REGIONS, '--sut', 'docker:squall-test/never-built']);
    // Without an engine it is refused for that.
    expect(code).toBe(2);
    expect(stderr).toMatch(missing === undefined ? /docker pull squall-test\/never-built/ : /Docker|engine/);
  });
});
