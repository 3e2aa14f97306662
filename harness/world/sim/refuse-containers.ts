import { SquallError } from '../../errors.ts';
import type { RunPlan } from '../world.ts';

/**
 * Containers do not run in virtual time.
 * @throws {SquallError} `UNSUPPORTED` for a scenario with containers
 */
export const refuseContainers = ({ scenario, containers = [] }: Pick<RunPlan, 'scenario' | 'containers'>): void => {
  if (containers.length === 0) return;
  const names = containers.map(({ container: { name } }) => name).join(', ');
  throw new SquallError(
    'UNSUPPORTED',
    `${scenario.name} has containers (${names}), and the simulated world has none.`,
    'Run it with --world live.',
  );
};
