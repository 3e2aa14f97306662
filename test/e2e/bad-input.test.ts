import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squall } from '../support/squall.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-bad-'));
  writeFileSync(
    join(folder, 'typo.yaml'),
    `topology: { regions: [aws/us-east-1] }
load: { rate: 20/s }
duration: 5s
faults:
  - kind: region-outtage
    target: aws/us-east-1
    at: 1s
    for: 2s
expect: { all: { availability: { min: 90% } } }
`,
  );
  writeFileSync(join(folder, 'syntax.yaml'), 'topology: [\n');
  writeFileSync(join(folder, 'throws.ts'), "throw new Error('on purpose');\n");
  writeFileSync(join(folder, 'exits.ts'), 'process.exit(0);\n');
  writeFileSync(join(folder, 'bad-type.ts'), 'export default { topology: { regions: [] } };\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Arguments, and what the message must say: what, where, and what would be right. */
const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [[], ['Usage: squall']],
  [['rnu'], ["unknown command 'rnu'", 'run']],
  [['run'], ['No scenario is named']],
  [
    ['run', 'region-outtage'],
    ['region-outtage', 'region-outage'],
  ],
  [['run', 'no/such/file.yaml'], ['no/such/file.yaml']],
  [
    ['run', 'typo.yaml'],
    ['typo.yaml:5:', 'region-outtage', 'region-outage'],
  ],
  [['run', 'syntax.yaml'], ['syntax.yaml:']],
  [
    ['run', 'throws.ts'],
    ['throws.ts', 'on purpose'],
  ],
  [
    ['run', 'exits.ts'],
    ['exits.ts', 'process.exit(0)'],
  ],
  [
    ['run', 'bad-type.ts'],
    ['bad-type.ts', 'topology.regions'],
  ],
  [
    ['run', 'region-outage', '--design', 'no-failovr'],
    ['no-failovr', 'no-failover', 'Designs:'],
  ],
  [
    ['run', 'region-outage', '--seed', '-1'],
    ['--seed', 'whole number'],
  ],
  [
    ['run', 'region-outage', '--port', '70000'],
    ['--port', '65535'],
  ],
  [
    ['run', 'region-outage', '--reporter', 'junitt'],
    ['junitt', 'Did you mean "junit"?'],
  ],
  [
    ['run', 'region-outage', '--reporter', 'json,junit'],
    ['standard output', 'junit=report.xml'],
  ],
  [
    ['run', 'region-outage', '--reporter', 'json=no/such/folder/x.json'],
    ['no/such/folder/x.json', 'folder'],
  ],
  [
    ['run', 'region-outage', '--jsn'],
    ['--jsn', '--json'],
  ],
  [
    ['list', 'fault'],
    ['fault', 'faults'],
  ],
];

describe("output that can't be written", () => {
  it.skipIf(!existsSync('/dev/full'))('is one message, not a stack', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { code, stderr } = await squall(['list'], { stdout: full });
      expect(stderr).toMatch(/^squall: standard output can't be written: ENOSPC.*\n$/);
      expect(code).toBe(3);
    } finally {
      closeSync(full);
    }
  });
});

describe('bad input', () => {
  it.each(cases)('squall %j says what is wrong and what would be right', async (args, words) => {
    const { code, stdout, stderr } = await squall(args, { cwd: folder });
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
