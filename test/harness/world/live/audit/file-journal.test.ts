import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../../harness/package-root.ts';
import { openFileJournal } from '../../../../../harness/world/live/audit/file-journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a journal in a file', () => {
  it('keeps lines in the order in which they came, however many at once', async () => {
    const path = join(folder, 'audit.jsonl');
    const journal = openFileJournal(path);
    const lines = Array.from({ length: 200 }, (_, at) => `line ${at}`);
    await Promise.all(lines.map((line) => journal.append([line])));
    expect(await journal.read()).toEqual(lines);
    expect(await openFileJournal(path).read()).toEqual(lines);
  });

  it('cuts off half a line, and goes on after the last whole one', async () => {
    const path = join(folder, 'audit.jsonl');
    await openFileJournal(path).append(['one', 'two']);
    appendFileSync(path, '{"half');
    const journal = openFileJournal(path);
    expect(await journal.read()).toEqual(['one', 'two']);
    await journal.append(['three']);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('has what it acknowledged after its process was killed', { timeout: 20_000 }, async () => {
    const path = join(folder, 'audit.jsonl');
    const program = `
      const { openFileJournal } = await import(${JSON.stringify(join(packageRoot, 'harness/world/live/audit/file-journal.ts'))});
      const journal = openFileJournal(${JSON.stringify(path)});
      for (let at = 0; ; at += 1) void journal.append([String(at)]).then(() => process.stdout.write(at + '\\n')), at % 8 === 7 && await new Promise(setImmediate);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.length > 2000) child.kill('SIGKILL');
      });
      child.on('exit', () => resolve());
    });
    const acknowledged = said.split('\n').slice(0, -1);
    const kept = new Set(await openFileJournal(path).read());
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((line) => !kept.has(line))).toEqual([]);
  });
});
