import fc, { type Arbitrary } from 'fast-check';
import type { FaultKind } from '../../faults/kind.ts';
import type { AnyLink } from '../../topology/link.ts';
import type { ExploreBounds } from '../bounds.ts';
import { faultsOf, linksTouchedBy, type PlannedFault, type Schedule } from '../schedule.ts';
import { maybe } from './maybe.ts';
import { settingsArbitrary } from './settings.ts';
import { mostRegionsOfAProvider, preferredTargetsArbitrary, targetsArbitrary } from './targets.ts';

/** Starts and lengths lie on a grid: a search gains nothing from a millisecond more. */
const GRID_MS = 500;
const PROBABILITIES = ['75%', '50%', '25%'];
/** One fault in so many touches all requests. */
const CERTAIN_IN = 2;
/** One place in so many of a schedule is left empty. */
const EMPTY_ONE_IN = 3;

/** When a fault of a kind starts, how long it lasts and how strong it is. */
const shapeArbitrary = (kind: FaultKind, { fromMs, untilMs, minLengthMs, maxLengthMs, settings }: ExploreBounds) =>
  fc
    .record({
      lengthSteps: fc.nat(Math.floor((maxLengthMs - minLengthMs) / GRID_MS)),
      startSteps: fc.nat(Math.floor((untilMs - minLengthMs - fromMs) / GRID_MS)),
      settings: settingsArbitrary(kind, settings[kind.kind]),
    })
    .map(({ lengthSteps, startSteps, settings }) => {
      const atMs = fromMs + startSteps * GRID_MS;
      return { atMs, forMs: Math.min(minLengthMs + lengthSteps * GRID_MS, untilMs - atMs), settings };
    });

/** One fault that touches every request of the most preferred regions. */
const severeFaultArbitrary = (
  kind: FaultKind,
  links: readonly AnyLink[],
  bounds: ExploreBounds,
): Arbitrary<PlannedFault> | undefined => {
  const targets = preferredTargetsArbitrary(kind, links, bounds.maxRegionsPerProvider);
  return (
    targets &&
    fc
      .record({ targets, shape: shapeArbitrary(kind, bounds) })
      .map(({ targets, shape }) => ({ kind: kind.kind, targets, ...shape }))
  );
};

/** One fault of a kind. Starts earlier, lasts shorter, acts on fewer regions: simpler. */
const faultArbitrary = (
  kind: FaultKind,
  links: readonly AnyLink[],
  bounds: ExploreBounds,
): Arbitrary<PlannedFault> | undefined => {
  const targets = targetsArbitrary(kind, links, bounds.maxRegionsPerProvider);
  if (!targets) return undefined;
  return fc
    .record({
      probability: maybe(fc.constantFrom(...PROBABILITIES), CERTAIN_IN),
      targets,
      shape: shapeArbitrary(kind, bounds),
    })
    .map(({ probability, targets, shape }) => {
      const certain: PlannedFault = { kind: kind.kind, targets, ...shape };
      const uncertain = { ...certain, ...(probability === undefined ? {} : { probability }) };
      return canAct(uncertain, kind, links) ? uncertain : certain;
    });
};

/** A probability can be kept by effects on single requests only. */
const canAct = (fault: PlannedFault, kind: FaultKind, links: readonly AnyLink[]): boolean =>
  faultsOf([fault], [kind]).every((made) => linksTouchedBy(made, links) !== undefined);

/** Faults in their order, without those that touch nothing, or with which a provider would have too many regions touched at once. */
const withinBounds = (faults: readonly PlannedFault[], links: readonly AnyLink[], bounds: ExploreBounds): Schedule => {
  const kept: { readonly fault: PlannedFault; readonly touched: readonly AnyLink[] }[] = [];
  for (const fault of faults) {
    const touched = faultsOf([fault], bounds.kinds).flatMap((made) => linksTouchedBy(made, links) ?? []);
    if (touched.length === 0) continue;
    const overlapping = kept.filter(
      ({ fault: other }) => other.atMs < fault.atMs + fault.forMs && fault.atMs < other.atMs + other.forMs,
    );
    const together = [...touched, ...overlapping.flatMap((other) => other.touched)];
    if (mostRegionsOfAProvider(together) <= bounds.maxRegionsPerProvider) kept.push({ fault, touched });
  }
  return kept.map(({ fault }) => fault).sort((a, b) => a.atMs - b.atMs);
};

/**
 * Fault schedules within bounds. Fewer faults are simpler: each place of a schedule shrinks to being empty, then to a simpler fault.
 * @param links of the topology
 */
export const schedulesArbitrary = (links: readonly AnyLink[], bounds: ExploreBounds): Arbitrary<Schedule> => {
  const kinds = bounds.kinds.flatMap((kind) => faultArbitrary(kind, links, bounds) ?? []);
  if (kinds.length === 0) return fc.constant([]);
  const place = maybe(fc.oneof(...kinds), EMPTY_ONE_IN);
  const mixed = fc
    .tuple(...Array.from({ length: bounds.maxFaults }, () => place))
    .map((places) => places.filter((fault) => fault !== undefined));
  const severe = fc.oneof(...bounds.kinds.flatMap((kind) => severeFaultArbitrary(kind, links, bounds) ?? []));
  // Half of each: a search in the wide alone comes late to what happens only when all preferred regions are slow or dead together.
  return fc.oneof(mixed, fc.tuple(severe)).map((faults) => withinBounds(faults, links, bounds));
};
