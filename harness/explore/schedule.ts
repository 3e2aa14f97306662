import { bindFault } from '../faults/bind.ts';
import type { Fault, FaultKind } from '../faults/kind.ts';
import type { FaultEntry } from '../scenario/fault-entry.ts';
import { share } from '../scenario/units.ts';
import type { AnyLink } from '../topology/link.ts';

/** A fault of a schedule. Settings stand as scenario files write them, so that a schedule prints as one. */
export interface PlannedFault {
  readonly kind: string;
  /** At least one; no two mean the same links. */
  readonly targets: readonly string[];
  readonly atMs: number;
  readonly forMs: number;
  /** As scenario files write it, e.g. `50%`; absent touches every request. */
  readonly probability?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Faults by their start. Empty: nothing breaks. */
export type Schedule = readonly PlannedFault[];

/**
 * The faults of a schedule as a world takes them, named by their kind (`kind`, `kind-2`, ...).
 * @throws {ZodError} for settings that the kind refuses
 */
export const faultsOf = (schedule: Schedule, kinds: readonly FaultKind[]): readonly Fault[] => {
  const counts = new Map<string, number>();
  return schedule.map(({ kind, targets, atMs, forMs, probability, settings }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const definition = kinds.find((candidate) => candidate.kind === kind);
    if (!definition) throw new TypeError(`There is no fault kind ${kind}.`);
    return {
      name: count === 1 ? kind : `${kind}-${count}`,
      kind,
      targets,
      atMs,
      forMs,
      probability: probability === undefined ? 1 : share.parse(probability),
      settings: definition.settings.parse(settings),
    };
  });
};

/** A duration as scenario files write it. */
export const formatDuration = (ms: number): string => (ms > 0 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);

/** The schedule as the `faults` of a scenario file. */
export const faultEntriesOf = (schedule: Schedule): readonly FaultEntry[] =>
  schedule.map(({ kind, targets, atMs, forMs, probability, settings }) => ({
    kind,
    target: targets.length === 1 ? targets[0]! : [...targets],
    at: formatDuration(atMs),
    for: formatDuration(forMs),
    ...(probability === undefined ? {} : { probability }),
    ...settings,
  }));

/** The links that a fault acts on in sim; undefined when it cannot act so. */
export const linksTouchedBy = (fault: Fault, links: readonly AnyLink[]): readonly AnyLink[] | undefined => {
  try {
    return bindFault(fault, 'sim', links).links;
  } catch {
    return undefined;
  }
};

/** The schedule in one text: equal schedules have equal keys. */
export const keyOfSchedule = (schedule: Schedule): string => JSON.stringify(schedule);
