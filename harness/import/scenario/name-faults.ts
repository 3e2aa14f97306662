import type { FaultDraft } from '../incident.ts';

/** Names as long as a phase's may be, with room for a number. */
const MAX_LENGTH = 58;

const baseOf = ({ kind, target }: FaultDraft): string =>
  `${kind}-${target.split('/')[1] ?? target}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_LENGTH);

/** In order of time, each with a name of its own that says kind and region; one that delays stands before one that fails, and so around it. */
export const nameFaults = (faults: readonly FaultDraft[]): readonly (FaultDraft & { readonly name: string })[] => {
  const isDelay = ({ kind }: FaultDraft): number => (kind === 'latency-spike' ? 0 : 1);
  const counts = new Map<string, number>();
  return faults
    .toSorted((a, b) => a.atMs - b.atMs || isDelay(a) - isDelay(b) || b.forMs - a.forMs)
    .map((fault) => {
      const base = baseOf(fault);
      const count = (counts.get(base) ?? 0) + 1;
      counts.set(base, count);
      return { ...fault, name: count === 1 ? base : `${base}-${count}` };
    });
};
