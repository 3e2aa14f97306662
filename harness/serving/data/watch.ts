import { type Alert, createDetector, type Sighting } from '../audit/detector.ts';
import type { Design } from '../design/policies.ts';

type AuditPolicy = Exclude<Design['audit'], false>;

/** Alerts of a kind about a caller are at least so many windows apart. */
const COOLDOWN_WINDOWS = 5;

const HOURS = 24;

/** Who watches reads, by the design; nobody for a detector that is off. @param dayMs length of a day, @param zeroMs when a day began */
export const createWatch = (
  { detector, windowMs, threshold }: AuditPolicy,
  dayMs: number,
  zeroMs: number,
): ((sighting: Sighting) => readonly Alert[]) => {
  if (detector === 'off') return () => [];
  const dayOf = (atMs: number): number => Math.floor((atMs - zeroMs) / dayMs);
  return createDetector({
    mode: detector,
    windowMs,
    threshold,
    cooldownMs: COOLDOWN_WINDOWS * windowMs,
    dayOf,
    hourOf: (atMs) => Math.floor((((atMs - zeroMs) / dayMs) * HOURS) % HOURS),
  });
};
