import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { squall } from '../support/squall.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-evidence-'));
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes evidence of runs that were kept, the failed one too, signs it, and sees that it was changed', async () => {
  const path = (name: string) => join(folder, name);
  const keep = ['--world', 'sim', '--keep', '--out', path('runs')];
  expect((await squall(['run', 'region-outage', ...keep])).code).toBe(0);
  expect((await squall(['run', 'region-outage', '--design', 'no-failover', ...keep])).code).toBe(1);
  const runs = readdirSync(path('runs')).map((name) => join(path('runs'), name));
  expect(runs).toHaveLength(2);

  const make = (out: string) =>
    squall(
      [
        'evidence',
        ...runs,
        '--out',
        path(out),
        '--key',
        path('private.pem'),
        '--framework',
        'dora,iso-27001',
        '--by',
        'A. Tester',
      ],
      {
        env: { SOURCE_DATE_EPOCH: '1796000000' },
      },
    );
  const made = await make('bundle');
  expect([made.code, made.stderr, made.tempFiles]).toEqual([0, '', []]);
  expect(made.stdout).toMatch(/2 runs, 10 controls, signed by sha256:[0-9a-f]{64} \(Ed25519\)/);
  expect(made.stdout).toContain('It does not state that anything complies.');
  const evidence = JSON.parse(readFileSync(path('bundle/evidence.json'), 'utf8'));
  expect(evidence.createdAt).toBe(new Date(1_796_000_000_000).toISOString());
  expect(evidence.runs.map((run: { verdict: { outcome: string } }) => run.verdict.outcome)).toEqual(['passed', 'failed']);

  // The same again, byte for byte.
  expect((await make('again')).code).toBe(0);
  for (const name of readdirSync(path('bundle'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.\w+$/.test(name)) continue;
    expect(readFileSync(join(path('again'), name)).equals(readFileSync(join(path('bundle'), name))), name).toBe(true);
  }

  const verify = (...args: readonly string[]) => squall(['evidence', 'verify', path('bundle'), ...args]);
  expect(await verify('--key', path('public.pem'))).toMatchObject({ code: 0, stderr: '' });
  expect(await verify()).toMatchObject({ code: 2, stderr: expect.stringContaining('--key public.pem') });
  appendFileSync(path('bundle/evidence.html'), ' ');
  const broken = await verify('--key', path('public.pem'));
  expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining('evidence.html was changed') });
});

it.each([
  [['evidence', 'package.json'], /package\.json is no report of squall's/],
  [['evidence'], /missing required argument 'run'/],
  [['evidence', 'package.json', '--at', 'yesterday'], /It must be a time such as/],
])('refuses %j in words, with exit code 2', async (args, message) => {
  const { code, stderr } = await squall([...args, ...(args.length > 1 ? ['--out', join(folder, 'bundle')] : [])]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(readdirSync(folder)).not.toContain('bundle');
});
