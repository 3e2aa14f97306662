import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../../harness/serving/registry/catalogue.ts';
import { fitIn, idAt, isAsComplete, type LogEntry, majorityIndex } from '../../../../harness/serving/registry/log.ts';

const entry = (id: string, epoch = 1): LogEntry => ({ id, epoch, atMs: 0, change: { type: 'reign', leader: 'us-east' } });
const log = (...ids: readonly string[]) => ({ entries: ids.map((id) => entry(id)) });
const ids = (entries: readonly LogEntry[] | undefined) => entries?.map(({ id }) => id);

describe("a piece of the leader's log", () => {
  it('is added where it follows', () => {
    expect(ids(fitIn(log('a'), { prevIndex: 1, prevId: 'a', ...log('b', 'c') })?.entries)).toEqual(['a', 'b', 'c']);
  });

  it('takes the place of other entries, which are dropped', () => {
    const fitted = fitIn(log('a', 'x', 'y'), { prevIndex: 1, prevId: 'a', ...log('b') });
    expect(ids(fitted?.entries)).toEqual(['a', 'b']);
    expect(ids(fitted?.dropped)).toEqual(['x', 'y']);
  });

  it('that came late takes nothing back', () => {
    expect(ids(fitIn(log('a', 'b', 'c'), { prevIndex: 0, prevId: '', ...log('a', 'b') })?.entries)).toEqual(['a', 'b', 'c']);
  });

  it('is refused where the log does not have what stands before it', () => {
    expect(fitIn(log('a'), { prevIndex: 1, prevId: 'b', ...log('c') })).toBeNull();
    expect(fitIn(log('a'), { prevIndex: 2, prevId: 'b', ...log('c') })).toBeNull();
  });

  it('makes of any log one that begins as the leader does, whatever pieces come in whatever order', () => {
    const wholeLog = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 12 });
    const pieces = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 8 });
    fc.assert(
      fc.property(wholeLog, wholeLog, pieces, (leader, replica, cuts) => {
        let state: { readonly entries: readonly LogEntry[] } = log(...replica);
        const leaders = log(...leader);
        let matched = 0;
        for (const [start, length] of cuts) {
          const prevIndex = Math.min(start, leader.length);
          const piece = leaders.entries.slice(prevIndex, prevIndex + length);
          const fitted = fitIn(state, { prevIndex, prevId: idAt(leaders, prevIndex), entries: piece });
          if (!fitted) continue;
          state = { entries: fitted.entries };
          matched = prevIndex + piece.length;
          expect(ids(state.entries)?.slice(prevIndex, matched)).toEqual(ids(piece));
        }
      }),
    );
  });
});

describe('a majority', () => {
  it.each([
    [[3], 3],
    [[5, 0, 3], 3],
    [[5, 5, 0], 5],
    [[7, 1, 4, 2, 9], 4],
    [[7, 1, 4, 2], 2],
  ])('of %j has %i', (indexes, expected) => {
    expect(majorityIndex(indexes)).toBe(expected);
  });
});

it('a later reign counts more than a longer log', () => {
  expect(isAsComplete({ lastIndex: 1, lastEpoch: 2 }, { lastIndex: 9, lastEpoch: 1 })).toBe(true);
  expect(isAsComplete({ lastIndex: 9, lastEpoch: 1 }, { lastIndex: 1, lastEpoch: 2 })).toBe(false);
  expect(isAsComplete({ lastIndex: 2, lastEpoch: 1 }, { lastIndex: 3, lastEpoch: 1 })).toBe(false);
});

it('a catalogue is what its changes come to', () => {
  const publish = (version: number, alias: string | null): LogEntry => ({
    ...entry(`publish ${version}`),
    change: { type: 'publish', model: 'digits', version, digest: `${version}`, sizeBytes: 1, alias },
  });
  const back: LogEntry = { ...entry('back'), change: { type: 'alias', model: 'digits', alias: 'production', version: 1 } };
  const { versions, aliases } = catalogueOf([entry('reign'), publish(1, 'production'), publish(2, 'production'), back]).get(
    'digits',
  )!;
  expect(versions.map(({ version }) => version)).toEqual([1, 2]);
  expect(aliases).toEqual({ production: 1 });
});
