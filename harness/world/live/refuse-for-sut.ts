import { SquallError } from '../../errors.ts';
import type { BoundFault } from '../../faults/bind.ts';
import { matchesTarget } from '../../faults/target.ts';
import { loadDoors } from '../../load/doors/index.ts';
import type { RunPlan } from '../world.ts';

const WITHOUT = 'Run it without --sut.';

const refuse = (message: string, remedy: string): never => {
  throw new SquallError('UNSUPPORTED', message, remedy);
};

/**
 * What belongs to the reference stack and no other system has; looked at before anything else of the run.
 * @throws {SquallError} `UNSUPPORTED` for a scenario that rests on it
 */
export const refuseForSut = ({ scenario, sut, containers = [] }: RunPlan): void => {
  const { door } = scenario.load;
  const { node } = loadDoors[door];
  if (node !== undefined) {
    refuse(
      `${scenario.name}: its load comes by the door ${door}, which is the ${node} of the reference stack; ${sut} has none.`,
      'Run it without --sut, or a scenario whose door is rest, grpc, graphql or http.',
    );
  }
  if (scenario.registry) {
    refuse(`${scenario.name}: it is about the model registry of the reference stack; ${sut} has none.`, WITHOUT);
  }
  if (scenario.data) {
    refuse(`${scenario.name}: it is about the datasets of the reference stack; ${sut} has none.`, WITHOUT);
  }
  for (const { name, targets } of scenario.faults) {
    // The scenario's containers are there whatever is tested.
    const foreign = targets.filter(
      (target) => target.startsWith('stack') && !containers.some(({ link }) => matchesTarget(target, link)),
    );
    if (foreign.length === 0) continue;
    refuse(
      `${scenario.name}: fault ${name} acts on a node of the reference stack (${foreign.join(', ')}); ${sut} has no such node.`,
      WITHOUT,
    );
  }
};

/**
 * Names are taken from processes that resolve them by squall's own look-up.
 * @throws {SquallError} `UNSUPPORTED` for a fault on names
 */
export const refuseNames = ({ scenario, sut }: RunPlan, faults: readonly BoundFault[]): void => {
  const found = faults.find(({ effect }) => effect.name);
  if (!found) return;
  refuse(
    `${scenario.name}: fault ${found.fault.name} takes names from the reference stack's resolver; ${sut} calls links by their address.`,
    'Run it without --sut, or take region-outage in its place.',
  );
};
