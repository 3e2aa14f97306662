import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { LogStore } from '../../../../harness/serving/stream/log-store.ts';
import { createMemoryLog } from '../../../../harness/serving/stream/memory-log.ts';
import { openSqliteLog } from '../../../../harness/world/live/stream/sqlite-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'squall-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let opened = 0;
const STORES: readonly (readonly [name: string, open: () => LogStore])[] = [
  ['memory', createMemoryLog],
  [
    'SQLite',
    () => {
      opened += 1;
      return openSqliteLog(join(folder, `${opened}.db`));
    },
  ],
];

const event = (id: string) => ({
  id,
  eventTimeMs: 1000,
  body: `{"id":"${id}"}`,
  attributes: { 'x-squall-tenant': id },
});
const result = (jobId: string) => ({ jobId, status: 200, headers: { by: 'aws' }, body: '{}' });

describe.each(STORES)('the log of a stream in %s', (_name, open) => {
  it('keeps events in order, each id once, whatever is sent again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 12 })), { maxLength: 40 }),
        (sent) => {
          const store = open();
          const model = new Map<number, string[]>();
          const known = new Map<string, { partition: number; offset: number }>();
          for (const [partition, number] of sent) {
            const id = `e${number}`;
            const before = known.get(id);
            const { offset, isNew } = store.append(before?.partition ?? partition, event(id));
            expect(isNew).toBe(before === undefined);
            if (before) expect(offset).toBe(before.offset);
            else {
              const ids = model.get(partition) ?? [];
              expect(offset).toBe(ids.length);
              model.set(partition, [...ids, id]);
              known.set(id, { partition, offset });
            }
          }
          for (const [partition, ids] of model) {
            expect(store.read(partition, 0, 100).map(({ event: { id } }) => id)).toEqual(ids);
            expect(store.read(partition, 1, 2).map(({ offset }) => offset)).toEqual([1, 2].filter((at) => at < ids.length));
            expect(store.committed(partition)).toEqual({ offset: 0, state: null, head: ids.length });
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('commits results, windows, state and place together, and nothing of them when another has gone on', () => {
    const store = open();
    store.append(0, event('a'));
    store.append(0, event('b'));
    const commit = { partition: 0, from: 0, to: 1, windows: [{ startMs: 0, count: 1, labels: [1] }], isFenced: true };
    expect(store.commit({ ...commit, results: [result('a')], state: 'one' })).toBe(true);
    expect(store.commit({ ...commit, results: [result('a')], state: 'again' })).toBe(false);
    expect(store.committed(0)).toEqual({ offset: 1, state: 'one', head: 2 });
    expect(store.answers()).toEqual({ a: 1 });
    expect(store.windows()).toEqual([{ partition: 0, startMs: 0, count: 1, labels: [1] }]);
    expect(store.resultOf('a')).toEqual(result('a'));
    expect(store.resultOf('b')).toBeUndefined();
  });

  it('takes what is not fenced, and so answers twice', () => {
    const store = open();
    store.append(0, event('a'));
    const commit = { partition: 0, from: 0, to: 1, windows: [], state: 's', results: [result('a')], isFenced: false };
    expect([store.commit(commit), store.commit(commit)]).toEqual([true, true]);
    store.addResults([result('a')]);
    expect(store.answers()).toEqual({ a: 3 });
  });
});
