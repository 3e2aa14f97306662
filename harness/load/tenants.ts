import { createRandom } from '../random.ts';
import type { LoadPlan, TenantLoad } from '../scenario/scenario.ts';
import { type ArrivalSpan, arrivalTimes, type OpenShape } from './arrivals.ts';
import type { LoadCaller } from './doors/door.ts';

/** Who makes the requests of a load, in the order in which they are due. */
export interface Callers {
  /** Due times of an open loop, as `arrivalTimes` has them. */
  times(shape: OpenShape, span: ArrivalSpan): Iterator<number>;
  /** Who makes the next request: to be asked once for each, in order. Undefined where nobody in particular makes them. */
  readonly next: (() => LoadCaller) | undefined;
}

const callerOf = ({ name, priority }: TenantLoad): LoadCaller => ({ tenant: name, priority });

/** The part of an open-loop shape that is one tenant's: its share of the rate, with the bursts that are its own on top. */
const shapeOfTenant = (shape: OpenShape, { share, bursts = [] }: TenantLoad): OpenShape => {
  if (shape.arrivals === 'recorded') return shape;
  const stages = shape.stages.map(({ forMs, fromPerS, toPerS }) => ({
    forMs,
    fromPerS: fromPerS * share,
    toPerS: toPerS * share,
  }));
  const shared = (shape.bursts ?? []).map((burst) => ({ ...burst, addPerS: burst.addPerS * share }));
  return { ...shape, stages, bursts: [...shared, ...bursts] };
};

/** The shapes whose arrivals together are the load's: one a tenant where tenants have arrivals of their own, else the load's. */
export const shapesOf = ({ shape, tenants }: Pick<LoadPlan, 'shape' | 'tenants'>): readonly LoadPlan['shape'][] =>
  shape.type === 'closed' || shape.arrivals === 'recorded' || !tenants
    ? [shape]
    : tenants.map((tenant) => shapeOfTenant(shape, tenant));

/** Several ordered sequences as one; of equal times the earlier sequence's comes first. */
function* merged(sequences: readonly Iterator<number>[], onNext: (index: number) => void): Generator<number> {
  const heads = sequences.map((sequence) => sequence.next());
  for (;;) {
    let first = -1;
    heads.forEach((head, index) => {
      if (!head.done && (first < 0 || head.value < heads[first]!.value)) first = index;
    });
    if (first < 0) return;
    const { value } = heads[first]!;
    heads[first] = sequences[first]!.next();
    onNext(first);
    yield value;
  }
}

/** Each request's caller is drawn, by the tenants' shares: for loads whose times are not the tenants' own. */
const drawnCallers = (tenants: readonly TenantLoad[], random: () => number): (() => LoadCaller) => {
  const callers = tenants.map(callerOf);
  return () => {
    let left = random();
    const at = tenants.findIndex(({ share }) => {
      left -= share;
      return left < 0;
    });
    return callers[at < 0 ? callers.length - 1 : at]!;
  };
};

/** The same plan and seed give the same callers at the same times; a tenant's times do not depend on the others. */
export const createCallers = ({ shape, tenants }: Pick<LoadPlan, 'shape' | 'tenants'>, seed: number): Callers => {
  if (!tenants) return { times: (open, span) => arrivalTimes(open, span, seed), next: undefined };
  if (shape.type === 'closed' || shape.arrivals === 'recorded') {
    return { times: (open, span) => arrivalTimes(open, span, seed), next: drawnCallers(tenants, createRandom(seed, 'tenants')) };
  }
  const callers = tenants.map(callerOf);
  /** Of the arrivals that have been given out and not begun: the loop looks one ahead. */
  const ahead: number[] = [];
  return {
    times: (open, span) =>
      merged(
        tenants.map((tenant) => arrivalTimes(shapeOfTenant(open, tenant), span, seed, tenant.name)),
        (index) => ahead.push(index),
      ),
    next: () => callers[ahead.shift()!]!,
  };
};
