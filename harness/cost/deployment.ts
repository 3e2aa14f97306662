import type { CapacityConfig, EndpointBilling, ProviderName } from '../../mocks/emulator.ts';
import type { DeploymentConfig } from '../../mocks/inference/deployment.ts';
import type { TopologyRegion } from '../scenario/scenario.ts';
import type { Design } from '../serving/config.ts';
import { placeOf } from '../serving/design/placement.ts';
import { endpointCapacityOf } from '../topology/endpoint-capacity.ts';
import {
  instanceOfClass,
  instancesOf,
  listPriceUsdPerHour,
  priceBook,
  serverlessUsdPerS,
  spotShareOf,
  storageUsdPerHour,
} from '../topology/price-book.ts';

/** What a design has in one region of the topology: what serves there, and how it is paid for. */
export interface Deployment {
  /** False: nothing serves there, and nothing is paid. */
  readonly isDeployed: boolean;
  readonly instanceType: string;
  /** Of one instance, bought as the design says. */
  readonly instanceUsdPerHour: number;
  /** Of all instances together. */
  readonly capacity: CapacityConfig;
  readonly billing: EndpointBilling;
  /** What stands behind the endpoint: those instances, or others by and by. Left out: nothing is deployed. */
  readonly deployment?: DeploymentConfig;
}

const PER_MILLION = 1e6;

/** The instance type that the sizing asks for, with its price here and how much longer predictions take than on the topology's own. */
const instanceFor = (region: TopologyRegion, sizing: Design['sizing']) => {
  const { provider, instanceType, instanceUsdPerHour } = region;
  const own = instancesOf(provider).find((instance) => instance.instanceType === instanceType);
  if (sizing.instanceClass === 'default' || own?.instanceClass === sizing.instanceClass) {
    return { instanceType, usdPerHour: instanceUsdPerHour, slowdown: 1 };
  }
  const other = instanceOfClass(provider, sizing.instanceClass);
  return {
    instanceType: other.instanceType,
    usdPerHour:
      listPriceUsdPerHour(provider, other.instanceType, region.region) ?? scaledPrice(provider, region, other.instanceType),
    slowdown: other.serviceTimeFactor / (own?.serviceTimeFactor ?? 1),
  };
};

/** For a region that the book lacks: as much dearer or cheaper as the type is in a region that the book has. */
const scaledPrice = (provider: ProviderName, { instanceUsdPerHour }: TopologyRegion, instanceType: string): number => {
  const [known = ''] = Object.keys(instancesOf(provider)[0]!.usdPerHour);
  const [price, base] = [instanceType, instancesOf(provider)[0]!.instanceType].map((type) =>
    listPriceUsdPerHour(provider, type, known),
  );
  return instanceUsdPerHour * ((price ?? 1) / (base ?? 1));
};

/** @param index place of the region among those that the design may use: its order of priority */
export const deploymentOf = (region: TopologyRegion, index: number, design: Design): Deployment => {
  const { sizing, storage } = design;
  const { provider, capacity } = region;
  const isDeployed = index < sizing.regions;
  const instances = isDeployed ? (index === 0 ? sizing.instances : sizing.standbyInstances) : 0;
  const { instanceType, usdPerHour, slowdown } = instanceFor(region, sizing);
  // Where nothing is deployed nobody calls: the slots of one instance stand for none.
  const slotsOf = Math.max(1, instances);
  const { serverless, egress } = priceBook[provider];
  const deployment = endpointCapacityOf(design, provider, index, slotsOf, capacity.concurrency);
  const mode = deployment.type === 'serverless' ? 'serverless' : (region.billing ?? 'provisioned');
  return {
    isDeployed,
    instanceType,
    instanceUsdPerHour: usdPerHour * (sizing.market === 'spot' ? spotShareOf(provider, instanceType) : 1),
    ...(isDeployed ? { deployment } : {}),
    capacity: {
      ...capacity,
      serviceTimeMs: capacity.serviceTimeMs * slowdown,
      concurrency: capacity.concurrency * slotsOf,
      queueLimit: capacity.queueLimit * slotsOf,
    },
    billing: {
      mode,
      instances: deployment.type === 'serverless' ? (isDeployed ? deployment.provisionedConcurrency : 0) : instances,
      onDemandUsdPerHour: usdPerHour,
      requestUsdPerS: serverlessUsdPerS(provider),
      usdPerRequest: mode === 'serverless' ? serverless.usdPerMillionRequests / PER_MILLION : 0,
      egressUsdPerGb: egress.internetUsdPerGb,
      storageUsdPerHour: isDeployed ? storageUsdPerHour(provider, storage.tier, storage.gb) : 0,
    },
  };
};

/**
 * What a design has in one of the regions of a topology.
 * @param index of the region among them
 */
export const deploymentAt = (regions: readonly TopologyRegion[], index: number, design: Design): Deployment =>
  deploymentOf(regions[index]!, placeOf(regions, index, design), design);
