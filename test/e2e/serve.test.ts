import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { freePort } from '../support/free-port.ts';
import { type Running, squall, startSquall } from '../support/squall.ts';

const TWO_REGIONS = join(import.meta.dirname, 'fixtures', 'sut', 'two-regions.yaml');
const SERVE = `"${process.execPath}" "${join(import.meta.dirname, '..', '..', 'bin', 'squall.ts')}" serve`;
/** `docker stop` gives ten seconds. */
const END_WITHIN_MS = 10_000;
const TIMEOUT_MS = 60_000;

let out: string;
/** What `squall env` tells, of links that nobody has put up. */
let links: NodeJS.ProcessEnv;
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
  const { stdout } = await squall(['env', TWO_REGIONS, '--json', '--credentials', join(out, 'credentials.json')]);
  links = JSON.parse(stdout) as NodeJS.ProcessEnv;
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const runWith = async (sut: string) => {
  const { code, stdout, stderr } = await squall(['run', TWO_REGIONS, '--json', '--out', out, '--sut', sut]);
  expect(stdout, stderr).not.toBe('');
  const [report] = (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs;
  return { code, outcome: report.verdict.outcome };
};

const untilServing = (serving: Running) => serving.until(() => serving.printed.stdout.includes('the gateway answers at'));

describe('squall serve', () => {
  it(
    'is the reference stack as a system under test, with the design that it is told',
    async () => {
      expect(await runWith(SERVE)).toEqual({ code: 0, outcome: 'passed' });
      const fragile = join(out, 'fragile.yaml');
      writeFileSync(fragile, 'routing: { failover: false }\ndegrade: false\n');
      expect(await runWith(`${SERVE} --design "${fragile}"`)).toEqual({ code: 1, outcome: 'failed' });
    },
    2 * TIMEOUT_MS,
  );

  it(
    'listens on loopback, answers for its life, and ends in order when it is asked to',
    async () => {
      const port = await freePort();
      const serving = startSquall(['serve'], { env: { ...links, PORT: String(port), GRPC_PORT: String(await freePort()) } });
      await untilServing(serving);
      expect(serving.printed.stdout).toContain(`the gateway answers at http://127.0.0.1:${port},`);
      const alive = await fetch(`http://127.0.0.1:${port}/v2/health/live`);
      expect([alive.status, await alive.json()]).toEqual([200, { live: true }]);

      const askedAtMs = performance.now();
      serving.process.kill('SIGTERM');
      expect(await serving.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/asked to end.*\n$/) });
      expect(performance.now() - askedAtMs).toBeLessThan(END_WITHIN_MS);
    },
    TIMEOUT_MS,
  );

  it('says what is missing or wrong before it listens', async () => {
    const cases: readonly (readonly [readonly string[], NodeJS.ProcessEnv, RegExp])[] = [
      [[], { SQUALL_LINKS: '' }, /SQUALL_LINKS is not set\.\n.*squall env/],
      [['--design', 'no-hedgin'], links, /Did you mean "no-hedging"/],
      [['--port', '0'], links, /--port.*from 1 to 65535/],
      [[], { ...links, PORT: 'http' }, /PORT.*from 1 to 65535/],
      [['--host', '192.0.2.1'], links, /192\.0\.2\.1 is no address of this machine/],
    ];
    for (const [args, env, words] of cases) {
      const { code, stderr } = await squall(['serve', ...args], { env });
      expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    }
  });
});
