type Row = readonly number[];

/** Whose rows are whose: by what `rowKey` makes of a row. */
export type RowOwners = Readonly<Record<string, string>>;

/** Equal keys are equal rows: numbers print so that they read back the same. */
export const rowKey = (row: Row): string => row.join(' ');

/** Counts rows that came to an endpoint, by whose they are. */
export interface SubjectCount {
  /** They are there, whether or not they are answered. */
  saw(rows: readonly Row[]): void;
  /** Up to now. */
  counts(): Readonly<Record<string, number>>;
}

export const createSubjectCount = (owners: RowOwners): SubjectCount => {
  const seen: Record<string, number> = {};
  return {
    saw(rows) {
      for (const row of rows) {
        const key = rowKey(row);
        if (!Object.hasOwn(owners, key)) continue;
        const owner = owners[key]!;
        seen[owner] = (seen[owner] ?? 0) + 1;
      }
    },
    counts: () => ({ ...seen }),
  };
};
