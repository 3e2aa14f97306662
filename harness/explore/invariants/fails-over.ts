import { deploymentAt } from '../../cost/deployment.ts';
import { peakRatePerS } from '../../load/arrivals.ts';
import { shapesOf } from '../../load/tenants.ts';
import type { LoadPlan, Scenario } from '../../scenario/scenario.ts';
import { type Evidence, type Invariant, seconds } from './invariant.ts';
import { percent, qualityWithin } from './quality.ts';

/** Share of requests that must be answered at full quality once failover is over. */
const MIN_FULL = 0.8;
/** A shorter stretch says too little of whether quality holds. */
const MIN_STRETCH_MS = 1000;
/** Untouched regions must carry the load with this to spare: near its capacity a stack may well degrade. */
const HEADROOM = 1.5;

const peakPerS = (load: LoadPlan): number =>
  shapesOf(load).reduce((sum, shape) => sum + (shape.type === 'open' ? peakRatePerS(shape) : Number.NaN), 0);

/** Predictions a second that the regions can serve together. */
const capacityPerS = (regions: Scenario['topology']['regions']): number =>
  regions.reduce((sum, { capacity }) => sum + (capacity.concurrency * 1000) / capacity.serviceTimeMs, 0);

/** Moments at which a fault starts or ends, with the timeline's own. */
const edgesOf = ({ faults, durationMs }: Scenario): readonly number[] =>
  [...new Set([0, durationMs, ...faults.flatMap(({ atMs, forMs }) => [atMs, atMs + forMs])])].sort((a, b) => a - b);

/** Regions that the design has something in, each with what it has. */
const deployedRegions = ({ scenario, design }: Evidence['plan']): Scenario['topology']['regions'] =>
  scenario.topology.regions.flatMap((region, index, regions) => {
    const { isDeployed, capacity } = deploymentAt(regions, index, design);
    return isDeployed ? [{ ...region, capacity }] : [];
  });

/** Regions that no fault acts on in [startMs, endMs), neither on themselves nor on their provider as a whole. */
const untouchedRegions = ({ plan, touched }: Evidence, startMs: number, endMs: number) => {
  const { faults } = plan.scenario;
  const links = faults.flatMap(({ atMs, forMs }, index) => (atMs < endMs && startMs < atMs + forMs ? touched[index]! : []));
  return deployedRegions(plan).filter(
    ({ provider, region }) =>
      !links.some((link) => link.provider === provider && (link.region === region || link.role !== 'inference')),
  );
};

/** While sound regions can carry the load, full quality comes back within a bound of the fault. */
export const failsOver: Invariant = {
  name: 'fails-over',
  summary: 'While faults last, but untouched regions can carry the load, full quality is back within a bound of the last change.',
  needs: 'record',
  check: (evidence) => {
    const { plan, record, bounds } = evidence;
    const { load } = plan.scenario;
    const edges = edgesOf(plan.scenario);
    return edges.slice(1).flatMap((endMs, index) => {
      const startMs = edges[index]!;
      const fromMs = startMs + bounds.failoverWithinMs;
      const untouched = untouchedRegions(evidence, startMs, endMs);
      const isFaulty = untouched.length < deployedRegions(plan).length;
      if (!isFaulty || fromMs + MIN_STRETCH_MS > endMs || !(capacityPerS(untouched) >= peakPerS(load) * HEADROOM)) return [];
      const quality = qualityWithin(record.requests, load, fromMs, endMs);
      if (!quality || quality.full >= MIN_FULL) return [];
      const sound = untouched.map(({ provider, region }) => `${provider}/${region}`).join(', ');
      return [
        `From ${seconds(fromMs)} to ${seconds(endMs)} ${percent(quality.full)} of ${quality.requests} requests were answered at full quality, required ${percent(MIN_FULL)}: nothing was wrong with ${sound}, and the last change was at ${seconds(startMs)}.`,
      ];
    });
  },
};
