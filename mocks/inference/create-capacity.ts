import type { RegionConfig } from '../emulator.ts';
import { createAutoscaler } from './autoscaler.ts';
import type { Capacity } from './capacity.ts';
import type { DeploymentConfig } from './deployment.ts';
import { createFleet } from './fleet.ts';
import type { Meter } from './meter.ts';
import { createServerless } from './serverless.ts';

/**
 * What a new instance, and a cold environment, take where the topology does not say. Where a second stands for a minute: five minutes for a machine, its image
 * and a model, as SageMaker users know scaling out ("minutes"), and the better part of a minute for an environment.
 */
const STARTUP_MS = 5000;
const COLD_START_MS = 1000;

/** @param announce told of what comes and goes, but not by an endpoint with one instance */
export const createCapacity = (
  region: RegionConfig,
  meter: Pick<Meter, 'setInstances'>,
  announce: (text: string) => void,
): Capacity => {
  const { capacity } = region;
  const deployment: DeploymentConfig = region.deployment ?? { type: 'instances', slots: capacity.concurrency, instances: 1 };
  if (deployment.type === 'serverless') {
    return createServerless({ config: deployment, coldStartMs: capacity.coldStartMs ?? COLD_START_MS, announce });
  }
  const { slots, instances, scaling, spot } = deployment;
  const fleet = createFleet({
    instances: scaling ? Math.min(scaling.max, Math.max(scaling.min, instances)) : instances,
    concurrency: slots,
    queueLimit: capacity.queueLimit,
    startupMs: capacity.startupMs ?? STARTUP_MS,
    spot,
    announce,
    // Without a deployment the bill says how many there are.
    onCount: region.deployment ? meter.setInstances : () => undefined,
  });
  if (!scaling) return fleet;
  const { onRequest } = createAutoscaler(scaling, slots, fleet);
  return { ...fleet, onRequest };
};
