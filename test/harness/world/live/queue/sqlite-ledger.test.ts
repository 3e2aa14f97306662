import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../../../../../harness/world/live/queue/sqlite-ledger.ts';

const MAX_RECEIVES = 2;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openSqliteLedger(join(folder, 'ledger.db'));

describe('the ledger beside a broker that cannot be asked', () => {
  it('says where a job is, from its sending to its end', () => {
    const ledger = open();
    const stateAt = (nowMs: number) => ledger.stateOf('a', MAX_RECEIVES, nowMs);
    expect([ledger.knows('a'), stateAt(0)]).toEqual([false, undefined]);
    ledger.sent('a');
    expect([ledger.knows('a'), stateAt(0)]).toEqual([true, { type: 'queued', receives: 0 }]);
    ledger.received('a', 1, 'first', 100);
    expect(stateAt(99)).toEqual({ type: 'leased', receives: 1 });
    ledger.extended('first', 200);
    expect(stateAt(199)).toEqual({ type: 'leased', receives: 1 });
    ledger.extended('first', 0);
    expect(stateAt(0)).toEqual({ type: 'queued', receives: 1 });
    ledger.received('a', 2, 'second', 300);
    ledger.done('first');
    expect(stateAt(250)).toEqual({ type: 'leased', receives: 2 });
    expect(stateAt(300)).toMatchObject({ type: 'dead', receives: 2 });
    ledger.done('second');
    expect(stateAt(300)).toEqual({ type: 'done' });
  });

  it('has it all after its process has gone', () => {
    const before = open();
    before.sent('a');
    before.dead('b', 1, 'cannot be read');
    const after = open();
    expect(after.stateOf('a', MAX_RECEIVES, 0)).toEqual({ type: 'queued', receives: 0 });
    expect(after.stateOf('b', MAX_RECEIVES, 0)).toEqual({ type: 'dead', receives: 1, reason: 'cannot be read' });
  });
});
