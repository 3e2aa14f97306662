import type { BackupStore } from '../registry/store.ts';
import type { AtRest } from './at-rest.ts';
import type { Dataset, DatasetRow } from './dataset.ts';
import { generateRows } from './generate.ts';

/** Rows of one object in the store: what one reading opens. */
export const CHUNK_ROWS = 250;

/** Datasets in a store of objects, in chunks that are sealed one by one. */
export interface DatasetStore {
  /** Writes what is not there yet; done again after a crash, it goes on where it was. */
  fill(dataset: Dataset): Promise<void>;
  /** Rows from `offset` on, at most `limit`. Rejects when a chunk is missing or cannot be opened. */
  read(dataset: Dataset, offset: number, limit: number): Promise<readonly DatasetRow[]>;
}

const nameOf = ({ name }: Dataset, chunk: number): string => `dataset-${name}-${chunk}`;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const createDatasetStore = (objects: BackupStore, atRest: AtRest): DatasetStore => ({
  async fill(dataset) {
    const there = new Set(await objects.list());
    const chunks = Math.ceil(dataset.rows / CHUNK_ROWS);
    if (Array.from({ length: chunks }, (_, chunk) => nameOf(dataset, chunk)).every((name) => there.has(name))) return;
    const rows = generateRows(dataset);
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const name = nameOf(dataset, chunk);
      if (there.has(name)) continue;
      const plain = encoder.encode(JSON.stringify(rows.slice(chunk * CHUNK_ROWS, (chunk + 1) * CHUNK_ROWS)));
      await objects.write(name, await atRest.seal(plain, name));
    }
  },
  async read(dataset, offset, limit) {
    const end = Math.min(dataset.rows, offset + limit);
    const rows: DatasetRow[] = [];
    for (let chunk = Math.floor(offset / CHUNK_ROWS); chunk * CHUNK_ROWS < end; chunk += 1) {
      const name = nameOf(dataset, chunk);
      const stored = await objects.read(name);
      if (!stored) throw new Error(`The dataset ${dataset.name} is not whole: chunk ${chunk} is missing.`);
      const chunkRows = JSON.parse(decoder.decode(await atRest.open(stored, name))) as DatasetRow[];
      rows.push(...chunkRows.slice(Math.max(0, offset - chunk * CHUNK_ROWS), end - chunk * CHUNK_ROWS));
    }
    return rows;
  },
});
