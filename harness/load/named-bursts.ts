import type { LoadPlan } from '../scenario/scenario.ts';

/** A burst that has a name, as the timeline knows it: a phase of its own. */
export interface NamedBurst {
  readonly name: string;
  /** Milliseconds, one for each time that it comes. */
  readonly windows: readonly { readonly startMs: number; readonly endMs: number }[];
}

/** The named bursts of a load, and of its tenants. */
export const namedBursts = ({ shape, tenants = [] }: Pick<LoadPlan, 'shape' | 'tenants'>): readonly NamedBurst[] => {
  const own = shape.type === 'open' && shape.arrivals !== 'recorded' ? (shape.bursts ?? []) : [];
  return [...own, ...tenants.flatMap(({ bursts = [] }) => bursts)].flatMap(({ name, atMs, forMs, everyMs, count }) => {
    if (name === undefined) return [];
    const windows = Array.from({ length: count }, (_, index) => {
      const startMs = atMs + index * everyMs;
      return { startMs, endMs: startMs + forMs };
    });
    return [{ name, windows }];
  });
};
