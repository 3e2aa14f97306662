import type { JobResult } from '../queue/job.ts';
import type { StreamEvent, WindowCount } from './event.ts';
import type { LogStore } from './log-store.ts';

interface Partition {
  readonly events: StreamEvent[];
  offset: number;
  state: string | null;
}

/** A log in memory. */
export const createMemoryLog = (): LogStore => {
  const partitions = new Map<number, Partition>();
  const places = new Map<string, number>();
  const results = new Map<string, JobResult[]>();
  const windows: (WindowCount & { readonly partition: number })[] = [];

  const partitionOf = (number: number): Partition => {
    const known = partitions.get(number) ?? { events: [], offset: 0, state: null };
    partitions.set(number, known);
    return known;
  };
  const addResults = (added: readonly JobResult[]) => {
    for (const result of added) results.set(result.jobId, [...(results.get(result.jobId) ?? []), result]);
  };

  return {
    append(number, event) {
      const known = places.get(event.id);
      if (known !== undefined) return { offset: known, isNew: false };
      const { events } = partitionOf(number);
      places.set(event.id, events.length);
      events.push(event);
      return { offset: events.length - 1, isNew: true };
    },
    read: (number, from, max) =>
      partitionOf(number)
        .events.slice(from, from + max)
        .map((event, at) => ({ offset: from + at, event })),
    committed(number) {
      const { offset, state, events } = partitionOf(number);
      return { offset, state, head: events.length };
    },
    commit(commit) {
      const partition = partitionOf(commit.partition);
      if (commit.isFenced && partition.offset !== commit.from) return false;
      addResults(commit.results);
      windows.push(...commit.windows.map((window) => ({ ...window, partition: commit.partition })));
      partition.offset = commit.to;
      partition.state = commit.state;
      return true;
    },
    addResults,
    resultOf: (eventId) => results.get(eventId)?.[0],
    answers: () => Object.fromEntries([...results].map(([id, { length }]) => [id, length])),
    windows: () => [...windows],
  };
};
