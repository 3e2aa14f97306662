import { SquallError } from '../../../errors.ts';
import { findFaultKind } from '../../../faults/index.ts';
import type { RunPlan } from '../../world.ts';

/**
 * Refuses more processors than there are: the engine would, once all is up, or in the middle of the run.
 * @param processors of the machine that the engine runs on
 * @throws {SquallError} `BAD_SCENARIO`
 */
export const refuseLimits = ({ scenario, containers = [] }: RunPlan, processors: number): void => {
  const require = (where: string, cpus: number | undefined) => {
    if (cpus === undefined || cpus <= processors) return;
    const has = `${processors} ${processors === 1 ? 'processor' : 'processors'}`;
    throw new SquallError(
      'BAD_SCENARIO',
      `${scenario.name}, ${where}: expected at most the ${has} of this machine, got ${cpus}.`,
      'Left out, a container may use all.',
    );
  };
  for (const { container } of containers) {
    const { source, name } = container;
    if (source.type !== 'url') require(`topology.containers.${name}.cpus`, source.limits.cpus);
  }
  for (const { name, kind, settings } of scenario.faults) {
    const effect = findFaultKind(kind)?.live?.(settings);
    for (const { link } of containers) require(`fault ${name}, cpus`, effect?.container?.(link)?.limits?.cpus);
  }
};
