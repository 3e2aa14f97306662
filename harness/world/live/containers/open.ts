import { type Containers, openContainers } from '../../../containers/containers.ts';
import { engineProcessors, engineStatus } from '../../../containers/engine.ts';
import { requireLoopback } from '../../../sut/allowed-hosts.ts';
import type { RunPlan } from '../../world.ts';
import type { ContainerSource } from './live-containers.ts';
import { refuseLimits } from './refuse-limits.ts';

/** The containers of one command, for all of its runs. */
export interface ContainerPool {
  get(): Promise<Containers>;
  /** Resolves when they are gone. */
  close(): Promise<void>;
}

/** Opens with the first run that has containers; a command without needs no engine. */
export const createContainerPool = (): ContainerPool => {
  let opened: Promise<Containers> | undefined;
  return {
    get() {
      opened ??= openContainers();
      return opened;
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
};

/**
 * Makes ready for a plan's containers, before anything of it is started.
 * @param pool where the containers of all runs of a command come from; left out, each run has its own
 * @returns undefined for a plan that starts none
 * @throws {SquallError} `NO_DOCKER` where no engine answers; `BAD_FLAG` for one that runs on another machine; `BAD_SCENARIO` for more
 * processors than there are
 */
export const openForPlan = async (plan: RunPlan, pool: ContainerPool | undefined): Promise<ContainerSource | undefined> => {
  const { scenario, containers = [] } = plan;
  for (const { container } of containers) {
    if (container.source.type !== 'url') continue;
    requireLoopback(container.source.origin, `${scenario.name}, topology.containers.${container.name}.url`);
  }
  if (containers.every(({ container }) => container.source.type === 'url')) return undefined;
  // Without an engine it is that which is told.
  const engine = await engineStatus();
  const processors = engine.available ? await engineProcessors(engine.address) : undefined;
  if (processors !== undefined) refuseLimits(plan, processors);
  return pool ? { containers: await pool.get(), isShared: true } : { containers: await openContainers(), isShared: false };
};
