import type { ReportedRun } from './reported-run.ts';
import { matchesTargetText } from './target-text.ts';

type ReportedFault = ReportedRun['faults'][number];

/** What a report tells beside its measurements. */
interface Observation {
  /** What was seen, and what it means that it was not. */
  readonly summary: string;
  readonly absent: string;
  /** @param faults those that took place, of the part's kinds; none where the part needs none */
  readonly isSeen: (run: ReportedRun, faults: readonly ReportedFault[]) => boolean;
}

/** Seen in connection with one of the faults. */
const ofFault =
  (isSeen: (run: ReportedRun, fault: ReportedFault) => boolean): Observation['isSeen'] =>
  (run, faults) =>
    faults.some((fault) => isSeen(run, fault));

/** Who answered while the fault lasted. */
const servedIn = ({ phases }: ReportedRun, fault: ReportedFault): readonly string[] =>
  phases.filter(({ name }) => name === fault.name).flatMap(({ servedBy }) => Object.keys(servedBy));

const isLocal = (link: string): boolean => link.startsWith('local/');

/** Data that has to stay in a jurisdiction left it, by one of these mechanisms (harness/topology/residency/transfers.ts). */
const movedBy =
  (...mechanisms: readonly string[]): Observation['isSeen'] =>
  ({ residency }) =>
    residency?.places.some(({ by, rows }) => by !== null && mechanisms.includes(by) && rows > 0) ?? false;

/** By name, as control files have them. */
const table = {
  'restored-from-backup': {
    summary: 'data was restored from a backup',
    absent: 'nothing was restored from a backup',
    isSeen: ofFault(({ events }, fault) =>
      events.some(({ atMs, text }) => atMs >= fault.atMs && /\brestored\b.*\bfrom the backup$/.test(text)),
    ),
  },
  'served-elsewhere': {
    summary: 'requests were answered by a place that the fault did not touch',
    absent: 'no request was answered by another place than those that the fault touched',
    isSeen: ofFault((run, fault) =>
      servedIn(run, fault).some((link) => !isLocal(link) && !fault.targets.some((target) => matchesTargetText(target, link))),
    ),
  },
  'resumed-elsewhere': {
    summary: 'another region took over the lead',
    absent: 'no other region took over the lead',
    isSeen: ofFault(({ events }, fault) =>
      events.some(({ atMs, text }) => {
        const [, region] = atMs < fault.atMs ? [] : (/^registry ([a-z0-9-]+): leads, epoch \d+$/.exec(text) ?? []);
        return region !== undefined && !fault.targets.some((target) => matchesTargetText(target, `stack/${region}/registry`));
      }),
    ),
  },
  'answered-degraded': {
    summary: 'requests were answered by the fallback model, the cache or rules',
    absent: 'no request was answered by the fallback model, the cache or rules',
    isSeen: ofFault((run, fault) => servedIn(run, fault).some(isLocal)),
  },
  'moved-by-adequacy': {
    summary: 'data left its jurisdiction for a country with an adequacy decision',
    absent: 'no data left its jurisdiction by an adequacy decision',
    isSeen: movedBy('adequacy', 'data-privacy-framework'),
  },
  'moved-by-safeguards': {
    summary: 'data left its jurisdiction by appropriate safeguards',
    absent: 'no data left its jurisdiction by appropriate safeguards',
    isSeen: movedBy('standard-contractual-clauses', 'binding-corporate-rules'),
  },
} satisfies Readonly<Record<string, Observation>>;

export type ObservationName = keyof typeof table;

export const observationNames = Object.keys(table) as [ObservationName, ...ObservationName[]];

export const observations: Readonly<Record<ObservationName, Observation>> = table;
