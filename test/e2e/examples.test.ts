import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squall } from '../support/squall.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');
const TIMEOUT_MS = 120_000;

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const isThere = (command: string): boolean => spawnSync(command, ['-v'], { stdio: 'ignore' }).status === 0;

/** Stacks that no one here wrote: what each stands, and what not, is in its scenario. */
const examples: readonly { readonly name: string; readonly missing: string | null }[] = [
  { name: 'portkey', missing: null },
  { name: 'haproxy', missing: isThere('haproxy') ? null : 'no haproxy: apt-get install haproxy' },
];

describe('a stack of somebody else, as its README says', () => {
  for (const { name, missing } of examples) {
    const title = `examples/${name}`;
    if (missing !== null) {
      it.skip(`${title} (${missing})`);
      continue;
    }
    it(
      title,
      async () => {
        const { code, stdout, stderr } = await squall(['run', '--out', out], { cwd: join(EXAMPLES, name) });
        expect([code, stderr, stdout]).toEqual([0, expect.any(String), expect.stringContaining('PASSED')]);
      },
      TIMEOUT_MS,
    );
  }
});
