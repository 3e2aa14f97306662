import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditCommand } from '../../../bin/commands/audit.ts';
import { keepAuditLogs } from '../../../harness/audit/log-files.ts';
import { openAuditLog } from '../../../harness/serving/audit/audit-log.ts';
import { createMemoryJournal } from '../../../harness/serving/audit/journal.ts';
import { openSigningKey } from '../../../harness/serving/audit/signing-key.ts';

let folder: string;
let log: string;
let publicKey: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-audit-'));
  const [entries, checkpoints] = [createMemoryJournal(), createMemoryJournal()];
  const key = await openSigningKey(createMemoryJournal());
  const written = await openAuditLog({
    entries,
    checkpoints,
    key,
    writer: 'stack/eu-west/data',
    checkpointEvery: 3,
    bufferMs: null,
  });
  for (let read = 0; read < 7; read += 1) await written.append({ type: 'read', id: `r-${read}`, tenant: 'clinic' });
  await written.close();
  publicKey = key.publicKey;
  const audit = { type: 'data', entries: await entries.read(), checkpoints: await checkpoints.read(), publicKey };
  [log] = keepAuditLogs(folder, { 'stack/eu-west/data': audit, 'stack/us-east/queue': { type: 'queue' } }) as [string];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `squall audit verify`. */
const verify = async (...args: readonly string[]) => {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const invocation = { exitCode: 0, interrupts: {} as never };
  try {
    await auditCommand(invocation).parseAsync(['verify', ...args], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return { text, exitCode: invocation.exitCode };
};

describe('squall audit verify', () => {
  it('finds the log of a run whole', async () => {
    const { text, exitCode } = await verify(log);
    expect(exitCode).toBe(0);
    expect(text).toContain('eu-west.jsonl: whole');
    expect((await verify(log, '--key', publicKey)).exitCode).toBe(0);
  });

  it('names the first entry that was changed, in words and in JSON, with exit code 1', async () => {
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, readFileSync(log, 'utf8').replace('"r-3"', '"r-9"'));
    for (const ending of ['.checkpoints.jsonl', '.key']) {
      writeFileSync(broken.replace('.jsonl', ending), readFileSync(log.replace('.jsonl', ending)));
    }
    const { text, exitCode } = await verify(broken, log, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(text).logs).toMatchObject([{ flaw: { kind: 'changed', file: 'entries', line: 5 } }, { flaw: null }]);
    expect((await verify(broken)).text).toContain('changed at line 5');
  });

  it('says whose signature it is not', async () => {
    const { publicKey: other } = await openSigningKey(createMemoryJournal());
    const { text, exitCode } = await verify(log, '--key', other);
    expect(exitCode).toBe(1);
    expect(text).toContain('no good signature');
  });

  it.each([
    [['missing.jsonl'], 'NOT_FOUND'],
    [['log.txt'], 'BAD_FLAG'],
    [['x.checkpoints.jsonl'], 'BAD_FLAG'],
  ])('refuses %o', async (args, code) => {
    await expect(verify(...args)).rejects.toMatchObject({ code });
  });

  it('refuses a key that is none', async () => {
    await expect(verify(log, '--key', 'no-such-file')).rejects.toMatchObject({ code: 'BAD_FLAG' });
    await expect(verify(log, '--key', log)).rejects.toMatchObject({ code: 'BAD_FLAG' });
  });
});
