import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';
import { squall } from '../support/squall.ts';

/** Each is a quarter of a second of a core. More, for a rule that is harder than the policy it is about: SQUALL_SCHEDULES=150 npx vitest run test/e2e/shipped-designs.test.ts */
const SCHEDULES = Number(process.env.SQUALL_SCHEDULES ?? 6);
const LIMIT_MS = 900_000;

const scenarios = readdirSync(join(packageRoot, 'scenarios'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-shipped-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(scenarios)(
  `the reference design in %s keeps every rule under ${SCHEDULES} schedules`,
  async (name) => {
    const { code, stdout } = await squall(['explore', name, '--budget', String(SCHEDULES), '--workers', '2'], { cwd: folder });
    expect(stdout).toContain('nothing found');
    expect(code).toBe(0);
  },
  LIMIT_MS,
);
