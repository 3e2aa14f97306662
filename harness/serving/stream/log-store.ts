import type { JobResult } from '../queue/job.ts';
import type { Commit, Committed, LoggedEvent, StreamEvent, WindowCount } from './event.ts';

/**
 * Where a stream keeps its events, and what was made of them. Every function is one transaction: whole or not at all, and for good once it
 * returns.
 */
export interface LogStore {
  /** @returns its place, the same for an id that is there already */
  append(partition: number, event: StreamEvent): { readonly offset: number; readonly isNew: boolean };
  /** In order. */
  read(partition: number, from: number, max: number): readonly LoggedEvent[];
  committed(partition: number): Committed;
  /** @returns false, and nothing has changed, when it is fenced and another has gone on from there */
  commit(commit: Commit): boolean;
  /** Results without a place: for a design that does not commit the two together. */
  addResults(results: readonly JobResult[]): void;
  /** The first of an event. */
  resultOf(eventId: string): JobResult | undefined;
  /** How many results each event has, by its id. */
  answers(): Readonly<Record<string, number>>;
  /** Complete windows of all partitions, in the order in which they were committed. */
  windows(): readonly (WindowCount & { readonly partition: number })[];
}
