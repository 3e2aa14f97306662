import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelopesAtRest, plainAtRest } from '../../../../harness/serving/data/at-rest.ts';
import { CHUNK_ROWS, createDatasetStore } from '../../../../harness/serving/data/dataset-store.ts';
import { columnsOf, datasetKindNames, generateRows } from '../../../../harness/serving/data/generate.ts';
import { createEnvelope } from '../../../../harness/serving/encryption/envelope.ts';
import { KeyError, type KeyService } from '../../../../harness/serving/encryption/key-service.ts';
import { createMemoryBackup } from '../../../../harness/serving/registry/store.ts';

const DATASET = {
  name: 'patients',
  kind: 'patients',
  rows: 610,
  seed: 7,
  regions: ['eu-west'],
  residency: null,
  readers: [],
  analysts: [],
};

/** A key service with one data key, that can be told to refuse. */
const createKeys = () => {
  const key = { isDisabled: false };
  const plaintext = Uint8Array.from({ length: 32 }, (_, at) => at);
  const wrapped = { cloud: 'fake', keyId: 'v1', wrapped: 'd3JhcHBlZA==' };
  const check = () => {
    if (key.isDisabled) throw new KeyError('refused', 'the key is disabled');
  };
  const service = {
    async generateDataKey() {
      check();
      return { plaintext: plaintext.slice(), wrapped };
    },
    async unwrap() {
      check();
      return plaintext.slice();
    },
    async rewrap() {
      check();
      return wrapped;
    },
  } as unknown as KeyService;
  return { key, service };
};

describe('datasets in a store', () => {
  it('are read from any row on, as they were drawn', async () => {
    const store = createDatasetStore(createMemoryBackup(), plainAtRest);
    await store.fill(DATASET);
    const rows = generateRows(DATASET);
    await fc.assert(
      fc.asyncProperty(fc.nat(DATASET.rows), fc.integer({ min: 1, max: 700 }), async (offset, limit) => {
        expect(await store.read(DATASET, offset, limit)).toEqual(rows.slice(offset, offset + limit));
      }),
      { numRuns: 40 },
    );
  });

  it.each(datasetKindNames)('are within the bounds of their columns: %s', (kind) => {
    const columns = columnsOf({ kind });
    for (const row of generateRows({ ...DATASET, kind })) {
      row.forEach((value, at) => {
        expect(value).toBeGreaterThanOrEqual(columns[at]!.min);
        expect(value).toBeLessThanOrEqual(columns[at]!.max);
      });
    }
  });

  it('lie in envelopes, chunk by chunk: nothing in the clear, none in the place of another, nothing without a key', async () => {
    const objects = createMemoryBackup();
    const { key, service } = createKeys();
    const open = () => createDatasetStore(objects, envelopesAtRest(createEnvelope(service, { cacheMs: 1000, usesPerKey: 1000 })));
    const store = open();
    await store.fill(DATASET);
    const first = JSON.stringify(generateRows(DATASET)[0]);
    const [one, two] = [await objects.read('dataset-patients-0'), await objects.read('dataset-patients-1')];
    expect(new TextDecoder().decode(one!)).not.toContain(first.slice(1, -1));
    expect(JSON.stringify((await store.read(DATASET, 0, 1))[0])).toBe(first);
    await objects.write('dataset-patients-0', two!);
    await expect(store.read(DATASET, 0, 1)).rejects.toThrow();
    await objects.write('dataset-patients-0', one!);
    key.isDisabled = true;
    await expect(open().read(DATASET, CHUNK_ROWS, 1)).rejects.toThrow();
  });

  it('are not whole when a chunk is missing', async () => {
    const objects = createMemoryBackup();
    const store = createDatasetStore(objects, plainAtRest);
    await store.fill(DATASET);
    await objects.remove('dataset-patients-2');
    await expect(store.read(DATASET, 0, DATASET.rows)).rejects.toThrow('chunk 2 is missing');
    await store.fill(DATASET);
    expect(await store.read(DATASET, 0, DATASET.rows)).toHaveLength(DATASET.rows);
  });
});
