import type { RequestRecord } from '../load/sample.ts';
import type { Expectation, RequestGroup } from '../scenario/scenario.ts';
import { PRIORITIES } from '../serving/caller.ts';
import { type PhaseFacts, phaseFacts } from './facts.ts';
import { type MetricName, metrics } from './metrics.ts';
import { defaultObjective } from './restoration.ts';

/** Measurements of a phase's requests of one tenant, or of one priority; each null when there were too few to say. */
export interface GroupReport {
  readonly group: RequestGroup;
  readonly requests: number;
  readonly availability: number | null;
  readonly goodputPerS: number | null;
  readonly shedShare: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

const isIn = ({ tenant = '', priority = 'default' }: RequestRecord, group: RequestGroup): boolean =>
  'tenant' in group ? tenant === group.tenant : priority === group.priority;

/** What is counted of a phase when only some of its requests are looked at. What providers charge is not told apart. */
export const groupFacts = ({ phase, run }: PhaseFacts, group: RequestGroup): PhaseFacts =>
  phaseFacts(phase, { ...run, usage: [], requests: run.requests.filter((request) => isIn(request, group)) });

/** Where an expectation holds, in words: `burst`, or `burst (tenant calm)`. */
export const scopeOf = ({ phase, group }: Pick<Expectation, 'phase' | 'group'>): string => {
  if (!group) return phase;
  return `${phase} (${'tenant' in group ? `tenant ${group.tenant}` : `priority ${group.priority}`})`;
};

const measured = (facts: PhaseFacts, metric: MetricName): number | null => {
  const measurement = metrics[metric].measure(facts, defaultObjective);
  return measurement.type === 'value' ? measurement.value : null;
};

/** Of each tenant of the load in a phase, then of each priority that it has. */
export const groupReports = (facts: PhaseFacts): readonly GroupReport[] => {
  const { tenants = [] } = facts.run.load;
  const groups: readonly RequestGroup[] = [
    ...tenants.map(({ name }) => ({ tenant: name })),
    ...PRIORITIES.filter((one) => tenants.some(({ priority }) => priority === one)).map((priority) => ({ priority })),
  ];
  return groups.map((group) => {
    const ofGroup = groupFacts(facts, group);
    return {
      group,
      requests: ofGroup.requests,
      availability: measured(ofGroup, 'availability'),
      goodputPerS: measured(ofGroup, 'goodput'),
      shedShare: measured(ofGroup, 'shedShare'),
      p50Ms: measured(ofGroup, 'p50'),
      p99Ms: measured(ofGroup, 'p99'),
    };
  });
};
