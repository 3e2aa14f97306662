import { createRandom } from '../../random.ts';
import type { TouchContext, Toxic } from '../toxics/toxic.ts';

/** Since when a proxy's toxics have been in force, and what that means to its connections. */
export interface ToxicStarts {
  /** A toxic keeps its start while one of its name and kind is in force. @param connections that have been accepted by now */
  update(toxics: readonly Toxic[], connections: number): void;
  /** @param number of the connection, from 0 @param purpose draws of each purpose have a stream of their own */
  touchOf(toxic: Toxic, number: number, purpose: string): TouchContext;
}

interface Start {
  readonly toxic: Toxic;
  readonly sinceMs: number;
  readonly connections: number;
}

export const createToxicStarts = (seed: number): ToxicStarts => {
  let starts: ReadonlyMap<string, Start> = new Map();
  const now = () => performance.now();
  return {
    update(toxics, connections) {
      starts = new Map(
        toxics.map((toxic) => {
          const before = starts.get(toxic.name);
          return [toxic.name, before?.toxic.kind === toxic.kind ? before : { toxic, sinceMs: now(), connections }];
        }),
      );
    },
    touchOf({ name }, number, purpose) {
      const { sinceMs, connections } = starts.get(name)!;
      return { now, sinceMs, ordinal: number - connections + 1, random: createRandom(seed, name, purpose, String(number)) };
    },
  };
};
