import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../../../harness/world/live/queue/sqlite-store.ts';
import { checkStoreContract } from '../../../serving/queue/store-contract.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-queue-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the store in SQLite', () => {
  it('keeps the contract of a queue store, whatever is done to it', () => {
    checkStoreContract(() => openSqliteStore(':memory:'), 100);
  });

  it('has after a restart what it had, leases and all', () => {
    const path = join(folder, 'restart.db');
    const first = openSqliteStore(path);
    for (const id of ['a', 'b', 'c']) first.send({ id, body: `body ${id}`, attributes: { of: id } }, 0);
    const [a, b] = first.receive({ max: 2, visibilityMs: 100, maxReceives: 3 }, 0);
    first.putResult({ jobId: 'a', status: 200, headers: { by: 'x' }, body: 'answer' }, true, 1);
    first.complete(a!.receipt, 1);
    first.close();

    const second = openSqliteStore(path);

    expect(second.resultOf('a')).toEqual({ jobId: 'a', status: 200, headers: { by: 'x' }, body: 'answer' });
    expect(second.stateOf('b', 50)).toEqual({ type: 'leased', receives: 1 });
    expect(second.extend(b!.receipt, 100, 50)).toBe(true);
    expect(second.receive({ max: 9, visibilityMs: 10, maxReceives: 3 }, 60).map(({ job }) => job)).toEqual([
      { id: 'c', body: 'body c', attributes: { of: 'c' } },
    ]);
    second.close();
  });

  it('has every job that it accepted when its process is killed at any moment', async () => {
    const path = join(folder, 'killed.db');
    const store = new URL('../../../../../harness/world/live/queue/sqlite-store.ts', import.meta.url).href;
    const program = `
      const { openSqliteStore } = await import(${JSON.stringify(store)});
      const store = openSqliteStore(${JSON.stringify(path)});
      for (let i = 0; ; i += 1) {
        store.send({ id: 'job-' + i, body: 'b', attributes: {} }, Date.now());
        process.stdout.write(i + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.split('\n').length > 50) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const accepted = said.split('\n').slice(0, -1);

    const kept = openSqliteStore(path);

    expect(complaints).toBe('');
    expect(accepted.length).toBeGreaterThan(49);
    expect(accepted.filter((index) => kept.stateOf(`job-${index}`, Date.now()) === undefined)).toEqual([]);
    kept.close();
  });
});
