import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { leftByProcess, missingForContainers } from '../support/containers.ts';
import { startSquall } from '../support/squall.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'sut');
const SERVICE = `"${process.execPath}" "${join(FIXTURES, 'more-dependencies.mjs')}"`;
const TIMEOUT_MS = 240_000;

const missing = await missingForContainers('nats', 'localstack');
const missingBusybox = await missingForContainers('busybox');
const inTitle = (why: string | undefined) => (why ? ` (${why})` : '');

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const textOf = (file: string): string => {
  const [folder] = readdirSync(join(out, 'runs'));
  return readFileSync(join(out, 'runs', folder!, file), 'utf8');
};

const write = (topology: object, durationS: number, faults: readonly object[] = []): string => {
  const file = join(out, 'scenario.yaml');
  const load = { rate: '15/s', timeout: '3s', arrivals: 'constant' };
  const content = { title: 'Dependencies', topology, load, warmup: '1s', duration: `${durationS}s`, faults };
  writeFileSync(file, JSON.stringify({ ...content, expect: { all: { availability: { min: '90%' } } } }));
  return file;
};

/** Stands for an emulator such as moto, which the user has started: an S3 that takes everything. */
const startEmulator = async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    await once(request.resume(), 'end');
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { etag: '"0"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
};

describe.skipIf(missing)(`NATS, an emulator at a URL, and LocalStack's services${inTitle(missing)}`, () => {
  it(
    'serve the system under test through the wire, and fail when their own link does',
    async () => {
      const moto = await startEmulator();
      try {
        const containers = {
          bus: { image: 'nats:2', port: 4222 },
          moto: { url: moto.origin, aws: ['s3'] },
          aws: { localstack: ['sts', 'kms', 'secretsmanager'] },
        };
        const always = { burst: '2s', every: '2s', for: '2s' };
        const file = write({ regions: ['azure/eastus'], containers }, 16, [
          { kind: 'region-outage', name: 'no-bus', target: 'stack/us-east/bus', at: '3s', for: '2s' },
          { kind: 'error-burst', name: 'no-moto', target: 'stack/us-east/moto', at: '7s', ...always },
          { kind: 'error-burst', name: 'no-aws', target: 'stack/us-east/aws', at: '11s', ...always },
        ]);
        const running = startSquall(['run', file, '--json', '--out', join(out, 'runs'), '--sut', SERVICE]);
        const { code, stdout, stderr } = await running.ended;
        expect([code, stderr]).toEqual([0, expect.any(String)]);
        const [report] = (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs;
        const servedIn = (name: string) => report.phases.find((phase) => phase.name === name)!.servedBy;
        expect(servedIn('baseline').all).toBeGreaterThan(0.9);
        expect(servedIn('no-bus')['without-bus']).toBeGreaterThan(0.8);
        expect(servedIn('no-moto')['without-moto']).toBeGreaterThan(0.8);
        expect(servedIn('no-aws')['without-sts-kms-secrets']).toBeGreaterThan(0.8);
        expect(servedIn('recovery').all).toBeGreaterThan(0.5);
        expect(textOf('sut.log')).toMatch(/bus failed: connect ECONNREFUSED/);
        expect(textOf('bus.log')).toContain('Server is ready');
        expect(moto.asked.every((one) => one.startsWith('PUT /requests/last'))).toBe(true);
        expect(moto.asked.length).toBeGreaterThan(100);
        expect(await leftByProcess(running.process.pid!)).toEqual([]);
      } finally {
        moto.close();
      }
    },
    TIMEOUT_MS,
  );
});

const IMAGE = 'squall-test/tells-its-environment';
const TOKEN = 'ls-token-that-nobody-gave-0123456789';

describe.skipIf(missingBusybox)(`a token for LocalStack${inTitle(missingBusybox)}`, () => {
  it(
    'is in the environment of its container alone: no log, no report and no error shows it',
    async () => {
      const dockerfile = `FROM busybox:1\nCMD ["sh", "-c", "env; echo Ready.; exec httpd -f -p 4566"]\n`;
      execFileSync('docker', ['build', '--quiet', '--tag', IMAGE, '-'], { input: dockerfile });
      const containers = {
        aws: { localstack: ['s3'], image: IMAGE },
        other: { image: IMAGE, port: 4566 },
      };
      const file = write({ regions: ['azure/eastus'], containers }, 4);
      const server = `"${process.execPath}" "${join(FIXTURES, 'server.mjs')}"`;
      const running = startSquall(['run', file, '--json', '--out', join(out, 'runs'), '--sut', server], {
        env: { LOCALSTACK_AUTH_TOKEN: TOKEN },
      });
      const environments = (): readonly string[] =>
        execFileSync('docker', ['ps', '-q', '--filter', `label=squall.pid=${running.process.pid}`], { encoding: 'utf8' })
          .split('\n')
          .filter(Boolean)
          .map((id) => execFileSync('docker', ['inspect', '--format', '{{json .Config.Env}}', id], { encoding: 'utf8' }));
      let seen: readonly string[] = [];
      await running.until(() => {
        seen = environments();
        return seen.length === 2;
      });
      expect(seen.filter((one) => one.includes(`LOCALSTACK_AUTH_TOKEN=${TOKEN}`))).toHaveLength(1);
      const { code, stdout, stderr } = await running.ended;
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      expect(textOf('aws.log')).toContain('LOCALSTACK_AUTH_TOKEN=[secret]');
      expect(textOf('other.log')).not.toContain('LOCALSTACK_AUTH_TOKEN');
      for (const text of [stdout, stderr, textOf('aws.log'), textOf('sut.log')]) expect(text).not.toContain(TOKEN);
    },
    TIMEOUT_MS,
  );
});
