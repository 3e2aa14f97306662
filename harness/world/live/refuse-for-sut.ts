import { SquallError } from '../../errors.ts';
import type { BoundFault } from '../../faults/bind.ts';
import { loadDoors } from '../../load/doors/index.ts';
import { isNode } from '../../topology/link.ts';
import type { RunPlan } from '../world.ts';

const refuse = (message: string, remedy: string): never => {
  throw new SquallError('UNSUPPORTED', message, remedy);
};

/**
 * What belongs to the reference stack and no other system has.
 * @throws {SquallError} `UNSUPPORTED` for a scenario that rests on it
 */
export const refuseForSut = ({ scenario, sut }: RunPlan, faults: readonly BoundFault[]): void => {
  const { door } = scenario.load;
  const { node } = loadDoors[door];
  if (node !== undefined) {
    refuse(
      `${scenario.name}: its load comes by the door ${door}, which is the ${node} of the reference stack; ${sut} has none.`,
      'Run it without --sut, or a scenario whose door is rest, grpc, graphql or http.',
    );
  }
  if (scenario.registry) {
    refuse(`${scenario.name}: it is about the model registry of the reference stack; ${sut} has none.`, 'Run it without --sut.');
  }
  for (const { fault, links, effect } of faults) {
    if (links.some(isNode)) {
      refuse(
        `${scenario.name}: fault ${fault.name} acts on a node of the reference stack (${fault.targets.join(', ')}); ${sut} has no such node.`,
        'Run it without --sut.',
      );
    }
    if (effect.name) {
      refuse(
        `${scenario.name}: fault ${fault.name} takes names from the reference stack's resolver; ${sut} calls links by their address.`,
        'Run it without --sut, or take region-outage in its place.',
      );
    }
  }
};
