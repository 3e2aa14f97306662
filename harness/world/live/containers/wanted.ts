import type { ContainerLimits } from '../../../containers/spec.ts';
import type { BoundFault } from '../../../faults/bind.ts';
import type { ContainerHold } from '../../../faults/kind.ts';
import { isContainer } from '../../../topology/container-placements.ts';
import type { AnyLink, NodeLink } from '../../../topology/link.ts';

/** How a container is to be, by all faults that hold it. */
export interface WantedState {
  readonly state: 'running' | NonNullable<ContainerHold['state']>;
  /** In place of those that it was started with, each by itself; empty where no fault limits it. */
  readonly limits: ContainerLimits;
}

export const UNTOUCHED: WantedState = { state: 'running', limits: {} };

/** The first one counts. */
const STRONGEST = ['killed', 'stopped', 'paused'] as const;

/** @param active faults that hold now, in the order of their starts: of limits the later one counts */
export const wantedOf = (link: NodeLink, active: Iterable<BoundFault>): WantedState => {
  const holds = [...active].flatMap(({ links, effect }) => (links.includes(link) ? (effect.container?.(link) ?? []) : []));
  return {
    state: STRONGEST.find((state) => holds.some((hold) => hold.state === state)) ?? 'running',
    limits: Object.assign({}, ...holds.map(({ limits }) => limits)) as ContainerLimits,
  };
};

/** The containers that a fault does something to. */
export const containersHeldBy = ({ links, effect }: BoundFault): readonly NodeLink[] =>
  links.filter((link: AnyLink): link is NodeLink => isContainer(link) && effect.container?.(link) !== undefined);
