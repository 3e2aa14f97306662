import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { missingForCompose, missingForContainers } from '../support/containers.ts';
import { buildServerImage, SERVER_IMAGE } from '../support/server-image.ts';
import { squall } from '../support/squall.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'sut');
const LEAKY = join(FIXTURES, 'leaky.yaml');
const TIMEOUT_MS = 120_000;

const missing = await missingForContainers('node');

/** Where secrets would be, and what is no secret. */
const NAMES = ['provider', 'projectId', 'tenantId', 'clientId', 'clientEmail', 'expiresAtMs'];
/** A signed token, and Google's opaque one. */
const ISSUED = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|ya29\.[\w.-]{20,}/;

const secretsIn = (file: string): readonly string[] => {
  const accesses = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, { credential: object }>);
  return accesses.flatMap(({ credential, ...token }) =>
    Object.entries({ ...credential, ...token })
      .filter(([name]) => !NAMES.includes(name))
      .flatMap(([, value]) => String(value).split('\n'))
      .filter((text) => text.length >= 12 && !text.startsWith('-----')),
  );
};

let out: string;
buildServerImage(missing);
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const everythingKept = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n');

/** No whole secret, and no half of one. */
const expectNoSecret = (text: string, secrets: readonly string[]) => {
  const shown = secrets.filter((secret) => text.includes(secret) || text.includes(secret.slice(0, Math.ceil(secret.length / 2))));
  expect(shown.map((secret) => secret.slice(0, 4))).toEqual([]);
  expect(text).not.toMatch(ISSUED);
};

const systems = [
  { name: 'a command', sut: { command: `"${process.execPath}" "${join(FIXTURES, 'leaky-server.mjs')}"` } },
  { name: 'a handler', sut: { handler: join(FIXTURES, 'leaky-handler.mjs') } },
  { name: 'an image', sut: { docker: SERVER_IMAGE, command: ['node', '/app/leaky-server.mjs'] }, why: missing },
  { name: 'a Compose file', sut: { compose: join(FIXTURES, 'leaky-compose.yaml') }, why: missing ?? missingForCompose() },
];

describe('what a system under test prints of its secrets', () => {
  for (const { name, sut, why } of systems) {
    it.skipIf(why)(
      `is kept and shown by nobody: ${name}${why ? ` (${why})` : ''}`,
      async () => {
        const config = join(out, 'squall.config.json');
        const credentials = join(out, 'credentials.json');
        const kept = join(out, 'runs');
        writeFileSync(config, JSON.stringify({ sut }));
        const shown = join(out, 'shown');
        const { code, stdout, stderr } = await squall([
          ...['run', LEAKY, '--config', config, '--credentials', credentials, '--out', kept],
          ...['--json', '--reporter', `terminal=${shown}.txt`, '--reporter', `junit=${shown}.xml`],
        ]);
        expect([code, stderr]).toEqual([1, expect.any(String)]);
        const [report] = (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs;
        const [excerpt] = report.output!.excerpts;
        expect(excerpt!.lines.map(({ text }) => text).join('\n')).toContain('with the key [secret]');

        const log = everythingKept(kept);
        for (const line of ['AZURE_CLIENT_SECRET=[secret]', 'AWS_SESSION_TOKEN=[secret]', '"clientSecret":"[secret]"']) {
          expect(log).toContain(line);
        }
        expect(log).toMatch(/issued \{.*"access_token":"\[secret\]"/);
        const secrets = secretsIn(credentials);
        expect(secrets.length).toBeGreaterThan(25);
        for (const text of [log, stdout, stderr, ...['txt', 'xml'].map((type) => readFileSync(`${shown}.${type}`, 'utf8'))]) {
          expectNoSecret(text, secrets);
        }
      },
      TIMEOUT_MS,
    );
  }

  it(
    'is told by no error either',
    async () => {
      const credentials = join(out, 'credentials.json');
      // The secret stands where the error's line is cut.
      const command = `"${process.execPath}" -e 'throw new Error("x ".repeat(230) + process.env.SQUALL_SECRET_TOKEN_AZURE)'`;
      const { code, stdout, stderr } = await squall(['run', LEAKY, '--out', out, '--credentials', credentials, '--sut', command]);
      expect(code).toBe(3);
      expect(`${stdout}${stderr}`).toContain('Error: x x');
      expectNoSecret(`${stdout}${stderr}`, secretsIn(credentials));
    },
    TIMEOUT_MS,
  );
});
