/** A file of lines that only grows, and outlives the process that writes it. */
export interface Journal {
  /** Lines without their end. Resolves when they are there for good; of several calls the earlier one's come first. */
  append(lines: readonly string[]): Promise<void>;
  /** All lines that were written whole. */
  read(): Promise<readonly string[]>;
}

/** Memory that outlives the simulated process. */
export const createMemoryJournal = (): Journal => {
  const kept: string[] = [];
  return {
    async append(lines) {
      kept.push(...lines);
    },
    read: async () => [...kept],
  };
};
