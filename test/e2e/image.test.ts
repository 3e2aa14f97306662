import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { missingForContainers, testImages } from '../support/containers.ts';
import { squall } from '../support/squall.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TWO_REGIONS = join(import.meta.dirname, 'fixtures', 'sut', 'two-regions.yaml');
const IMAGE = 'squall-test/squall';
const NODE = '/nodejs/bin/node';
/** As deploy/kubernetes has it. */
const RESTRICTED = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const BUILD_TIMEOUT_MS = 600_000;
const TIMEOUT_MS = 180_000;
/** `docker stop` gives ten seconds. */
const END_WITHIN_MS = 10_000;

const missing = await missingForContainers('node', 'distroless');

const docker = (...args: readonly string[]): string => execFileSync('docker', args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
const inspect = (what: string, format: string): string => docker('inspect', '--format', format, what).trim();

let folder: string;
/** A file of what `squall env` tells, of links that nobody has put up. */
let links: string;

describe.skipIf(missing !== undefined)(`the image of squall${missing === undefined ? '' : ` (${missing})`}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'squall-image-'));
    const base = ['--build-arg', `BUILD=${testImages.node}`, '--build-arg', `BASE=${testImages.distroless}`];
    const args = ['build', '--quiet', '--network', 'host', '--file', join(ROOT, 'deploy', 'Dockerfile'), ...base];
    docker(...args, '--label', 'squall.stage=final', '--tag', IMAGE, ROOT);
    const { stdout } = await squall(['env', TWO_REGIONS, '--json', '--credentials', join(folder, 'credentials.json')]);
    links = join(folder, 'links.env');
    writeFileSync(links, `SQUALL_LINKS=${(JSON.parse(stdout) as { readonly SQUALL_LINKS: string }).SQUALL_LINKS}\n`);
  }, BUILD_TIMEOUT_MS);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    // Each change of the sources leaves the stages of the build before it; the newest are what the next build goes on from.
    docker('image', 'prune', '--force', '--filter', 'label=squall.stage', '--filter', 'until=24h');
  });

  it(
    'stands an outage as the system under test',
    async () => {
      const { stdout, stderr } = await squall(['run', TWO_REGIONS, '--json', '--out', folder, '--sut', `docker:${IMAGE}`]);
      expect(stdout, stderr).not.toBe('');
      const [report] = (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs;
      expect(report.verdict).toEqual({ outcome: 'passed' });
      const outage = report.phases.find(({ name }) => name === 'region-outage')!;
      expect(Object.keys(outage.servedBy)).toContain('azure/westus/ml-online-endpoint');
    },
    TIMEOUT_MS,
  );

  it(
    'gets healthy as nobody in particular, on a file system that it cannot write, and ends in order when it is asked to',
    async () => {
      const id = docker('run', '--detach', ...RESTRICTED, '--env-file', links, IMAGE).trim();
      try {
        const status = () => inspect(id, '{{.State.Status}} {{.State.Health.Status}}');
        await expect.poll(status, { timeout: 60_000, interval: 250 }).toBe('running healthy');
        expect(docker('exec', id, NODE, '--print', 'process.getuid() + ":" + process.getgid()').trim()).toBe('65532:65532');
        expect(spawnSync('docker', ['exec', id, '/bin/sh', '-c', 'true']).status).not.toBe(0);

        const askedAtMs = performance.now();
        docker('stop', '--time', '30', id);
        expect(performance.now() - askedAtMs).toBeLessThan(END_WITHIN_MS);
        expect(inspect(id, '{{.State.ExitCode}} {{.State.OOMKilled}}')).toBe('0 false');
      } finally {
        docker('rm', '--force', id);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'runs its shard of scenarios, as a pod of an Indexed Job',
    () => {
      const pod = [
        ...RESTRICTED,
        '--network',
        'none',
        '--tmpfs',
        '/tmp',
        '--tmpfs',
        '/work:uid=65532',
        '--env',
        'JOB_COMPLETION_INDEX=1',
      ];
      const run = ['run', '--world', 'sim', '--json', '--shard', 'job/2', 'region-outage', 'latency-spike'];
      const { runs } = JSON.parse(docker('run', '--rm', ...pod, IMAGE, ...run)) as { readonly runs: readonly RunReport[] };
      expect(runs.map(({ scenario, verdict }) => [scenario, verdict.outcome])).toEqual([['latency-spike', 'passed']]);
    },
    TIMEOUT_MS,
  );

  it(
    'has what it runs by, and nothing else',
    () => {
      const list = `process.stdout.write(require('node:fs').readdirSync('/squall', { recursive: true }).join('\\n'))`;
      const files = docker('run', '--rm', '--network', 'none', '--entrypoint', NODE, IMAGE, '--eval', list).split('\n');
      const top = [...new Set(files.map((file) => file.split('/')[0]!))].toSorted();
      expect(top).toEqual(['LICENSE', 'dist', 'harness', 'mocks', 'node_modules', 'package.json', 'scenarios']);
      // Controls are data; of the sources there is nothing.
      expect(files.filter((file) => /^harness\/.*\.[cm]?[jt]s$/.test(file))).toEqual([]);
      const ofDevelopment = ['@biomejs/biome', 'typescript', 'vitest', 'msw', 'oci-core'];
      expect(ofDevelopment.filter((name) => files.includes(`node_modules/${name}`))).toEqual([]);
      expect(files.filter((file) => /\.(map|d\.[cm]?ts)$/.test(file))).toEqual([]);
      expect(inspect(IMAGE, '{{.Config.User}}')).toMatch(/^[1-9]\d*:/);
    },
    TIMEOUT_MS,
  );
});
