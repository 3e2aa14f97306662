import type { LogEntry } from './log.ts';

/** A version of a model, as it was published. It never changes. */
export interface ModelVersion {
  readonly model: string;
  readonly version: number;
  /** SHA-256 of the artifact, 64 hexadecimal digits. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** By the clock of the leader that took it, epoch milliseconds. */
  readonly publishedAtMs: number;
  /** Of that leader's reign. */
  readonly epoch: number;
}

export interface CatalogueModel {
  readonly versions: readonly ModelVersion[];
  /** Versions by alias, e.g. `production`. */
  readonly aliases: Readonly<Record<string, number>>;
}

/** What a log comes to: models by name. */
export type Catalogue = ReadonlyMap<string, CatalogueModel>;

const NO_MODEL: CatalogueModel = { versions: [], aliases: {} };

export const modelOf = (catalogue: Catalogue, model: string): CatalogueModel => catalogue.get(model) ?? NO_MODEL;

/** 0 where nothing is published. */
export const newestOf = ({ versions }: CatalogueModel): number => versions.at(-1)?.version ?? 0;

/** The catalogue after the entries, in order. */
export const catalogueOf = (entries: readonly LogEntry[]): Catalogue => {
  const models = new Map<string, { versions: ModelVersion[]; aliases: Record<string, number> }>();
  const open = (model: string) => {
    const known = models.get(model) ?? { versions: [], aliases: {} };
    models.set(model, known);
    return known;
  };
  for (const { atMs, epoch, change } of entries) {
    if (change.type === 'reign') continue;
    const { versions, aliases } = open(change.model);
    if (change.type === 'alias') {
      aliases[change.alias] = change.version;
      continue;
    }
    const { model, version, digest, sizeBytes, alias } = change;
    versions.push({ model, version, digest, sizeBytes, publishedAtMs: atMs, epoch });
    if (alias !== null) aliases[alias] = version;
  }
  return models;
};

/** The same, which remembers the last: a log is asked about far more often than it changes. */
export const createCatalogueReader = (): ((entries: readonly LogEntry[], untilIndex: number) => Catalogue) => {
  let last: { readonly entries: readonly LogEntry[]; readonly untilIndex: number; readonly catalogue: Catalogue } | undefined;
  return (entries, untilIndex) => {
    if (last?.entries !== entries || last.untilIndex !== untilIndex) {
      last = { entries, untilIndex, catalogue: catalogueOf(entries.slice(0, untilIndex)) };
    }
    return last.catalogue;
  };
};
