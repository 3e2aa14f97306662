import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK, type RegistryState } from '../../../../../harness/serving/registry/log.ts';
import { createMemoryBackup, createMemoryStore } from '../../../../../harness/serving/registry/store.ts';
import { openFileObjects } from '../../../../../harness/world/live/registry/file-objects.ts';
import { openFileStore } from '../../../../../harness/world/live/registry/file-store.ts';

const DIGEST = 'ab'.repeat(32);
const state: RegistryState = { ...BLANK, epoch: 3, votedFor: 'us-east' };
const bytes = Uint8Array.of(1, 2, 3);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-registry-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['on disk', () => openFileStore(join(folder, 'registry'))],
  ['in memory', () => createMemoryStore()],
])('the store of a replica %s', (_, open) => {
  it('has nothing at first', async () => {
    const store = open();
    expect(await store.readState()).toBeNull();
    expect(await store.readArtifact(DIGEST)).toBeNull();
    expect(await store.listArtifacts()).toEqual([]);
  });

  it('keeps what it is given, the last of each', async () => {
    const store = open();
    await store.writeState({ ...state, epoch: 2 });
    await store.writeState(state);
    await store.writeArtifact(DIGEST, bytes);
    expect(await store.readState()).toEqual(state);
    expect(await store.readArtifact(DIGEST)).toEqual(bytes);
    expect(await store.listArtifacts()).toEqual([DIGEST]);
  });

  it('has nothing when it is erased, and takes anew', async () => {
    const store = open();
    await store.writeState(state);
    await store.writeArtifact(DIGEST, bytes);
    await store.erase();
    expect(await store.readState()).toBeNull();
    expect(await store.listArtifacts()).toEqual([]);
    await store.writeState(state);
    expect(await store.readState()).toEqual(state);
  });
});

describe('the store of a replica on disk', () => {
  it('is found again by who comes after', async () => {
    await openFileStore(join(folder, 'registry')).writeState(state);
    expect(await openFileStore(join(folder, 'registry')).readState()).toEqual(state);
  });

  it('does not trust a state that is not as it was written', async () => {
    const store = openFileStore(folder);
    await store.writeState(state);
    const path = join(folder, 'state');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"epoch":3', '"epoch":9'));
    expect(await store.readState()).toBeNull();
  });

  it('leaves no unfinished file, and lists none that a crash has left', async () => {
    const store = openFileStore(folder);
    await store.writeArtifact(DIGEST, bytes);
    writeFileSync(join(folder, 'artifacts', `${DIGEST}.1.part`), 'half');
    expect(readdirSync(join(folder, 'artifacts'))).toHaveLength(2);
    expect(await store.listArtifacts()).toEqual([DIGEST]);
  });
});

describe.each([
  ['on disk', () => openFileObjects(join(folder, 'objects'))],
  ['in memory', () => createMemoryBackup()],
])('a store of objects %s', (_, open) => {
  it('keeps objects by name until they are removed', async () => {
    const objects = open();
    expect(await objects.list()).toEqual([]);
    expect(await objects.read('one')).toBeNull();
    await objects.write('one', bytes);
    await objects.write('two', bytes);
    expect((await objects.list()).toSorted()).toEqual(['one', 'two']);
    expect(await objects.read('one')).toEqual(bytes);
    await objects.remove('one');
    expect(await objects.list()).toEqual(['two']);
  });
});
