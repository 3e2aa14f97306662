import type { ReportedRun } from './reported-run.ts';
import { matchesTargetText } from './target-text.ts';

/** What a report tells beside its measurements. */
interface Observation {
  /** What was seen, and what it means that it was not. */
  readonly summary: string;
  readonly absent: string;
  readonly isSeen: (run: ReportedRun, fault: ReportedRun['faults'][number]) => boolean;
}

const eventAfter =
  (pattern: RegExp): Observation['isSeen'] =>
  (run, fault) =>
    run.events.some(({ atMs, text }) => atMs >= fault.atMs && pattern.test(text));

/** By name, as control files have them. */
const table = {
  'restored-from-backup': {
    summary: 'data was restored from a backup',
    absent: 'nothing was restored from a backup',
    isSeen: eventAfter(/\brestored\b.*\bfrom the backup$/),
  },
  'served-elsewhere': {
    summary: 'requests were answered by a place that the fault did not touch',
    absent: 'no request was answered by another place than those that the fault touched',
    isSeen: (run, fault) =>
      run.phases.some(
        ({ name, servedBy }) =>
          name === fault.name &&
          Object.keys(servedBy).some(
            (link) => !link.startsWith('local/') && !fault.targets.some((target) => matchesTargetText(target, link)),
          ),
      ),
  },
  'resumed-elsewhere': {
    summary: 'another region took over the lead',
    absent: 'no other region took over the lead',
    isSeen: (run, fault) =>
      run.events.some(({ atMs, text }) => {
        const [, region] = atMs < fault.atMs ? [] : (/^registry ([a-z0-9-]+): leads, epoch \d+$/.exec(text) ?? []);
        return region !== undefined && !fault.targets.some((target) => matchesTargetText(target, `stack/${region}/registry`));
      }),
  },
  'answered-degraded': {
    summary: 'requests were answered by the fallback model, the cache or rules',
    absent: 'no request was answered by the fallback model, the cache or rules',
    isSeen: (run, fault) =>
      run.phases.some(
        ({ name, servedBy }) => name === fault.name && Object.keys(servedBy).some((link) => link.startsWith('local/')),
      ),
  },
} satisfies Readonly<Record<string, Observation>>;

export type ObservationName = keyof typeof table;

export const observationNames = Object.keys(table) as [ObservationName, ...ObservationName[]];

export const observations: Readonly<Record<ObservationName, Observation>> = table;
