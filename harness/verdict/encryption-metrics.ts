import type { PhaseFacts } from './facts.ts';
import type { Measurement } from './metrics.ts';
import { clipTo, isWithin } from './phases.ts';

const NONE: Measurement = { type: 'unmeasurable', why: 'the scenario has no registry', samples: 0 };

/** Artifacts on the replicas' disks, when the run ends, that anyone can read who has the disk. */
export const plaintextAtRest = ({ run: { registry } }: PhaseFacts): Measurement => {
  if (!registry) return NONE;
  if (!registry.wasAudited) return { type: 'unmeasurable', why: 'no replica could be looked at when the run ended', samples: 0 };
  return { type: 'value', value: registry.inTheClear, samples: registry.stored };
};

/** Reads in the phase that took what somebody had put in the place of an artifact for what was published. */
export const tamperedReads = ({ phase, run }: PhaseFacts): Measurement => {
  if (!run.registry) return NONE;
  const windows = clipTo(phase.windows, run.measuredUntilMs);
  const reads = run.registry.reads.filter(({ startMs }) => isWithin(windows, startMs));
  return { type: 'value', value: reads.filter(({ isTampered, isGood }) => isTampered && isGood).length, samples: reads.length };
};

/** From the start of the phase until the last read that was given what it asked for; never, where the last one of the phase still was. */
export const keyRevocationDelay = ({ phase, run }: PhaseFacts): Measurement => {
  if (!run.registry) return NONE;
  const windows = clipTo(phase.windows, run.measuredUntilMs);
  const reads = run.registry.reads.filter(({ startMs }) => isWithin(windows, startMs)).toSorted((a, b) => a.endMs - b.endMs);
  const samples = reads.length;
  const startMs = windows[0]?.startMs ?? 0;
  const last = reads.findLast(({ isGood }) => isGood);
  if (last && last === reads.at(-1)) return { type: 'never', samples };
  return { type: 'value', value: last ? Math.max(0, last.endMs - startMs) : 0, samples };
};
