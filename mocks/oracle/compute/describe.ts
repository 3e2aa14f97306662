import { regionKey } from '../ocid.ts';
import type { OracleRegion } from '../region.ts';
import type { Instance } from './instances.ts';
import { MAX_GBS_PER_OCPU, type Shape } from './shapes.ts';

/** An instance as the API shows it. */
export const describeInstance = (instance: Instance, { region }: OracleRegion) => {
  const { shape, ocpus, memoryInGBs, preemption } = instance;
  return {
    id: instance.id,
    availabilityDomain: instance.availabilityDomain,
    compartmentId: instance.compartmentId,
    displayName: instance.displayName,
    faultDomain: instance.faultDomain,
    freeformTags: instance.freeformTags,
    definedTags: {},
    systemTags: {},
    imageId: instance.imageId,
    launchMode: 'PARAVIRTUALIZED',
    lifecycleState: instance.lifecycleState,
    metadata: instance.metadata,
    extendedMetadata: {},
    ...(preemption
      ? {
          preemptibleInstanceConfig: {
            preemptionAction: { type: 'TERMINATE', preserveBootVolume: preemption.preserveBootVolume },
          },
        }
      : {}),
    region: regionKey(region),
    shape: shape.shape,
    shapeConfig: { ocpus, vcpus: ocpus * 2, memoryInGBs, processorDescription: shape.processorDescription, gpus: shape.gpus },
    sourceDetails: { sourceType: 'image', imageId: instance.imageId },
    timeCreated: instance.timeCreated,
  };
};

/** A shape as the API shows it. */
export const describeShape = ({ shape, ocpus, memoryInGBs, maxMemoryInGBs, gpus, processorDescription }: Shape) => ({
  shape,
  processorDescription,
  gpus,
  ...(typeof ocpus === 'number'
    ? { ocpus, memoryInGBs, isFlexible: false }
    : {
        ocpus: ocpus.min,
        memoryInGBs: ocpus.min * memoryInGBs,
        isFlexible: true,
        ocpuOptions: ocpus,
        memoryOptions: {
          minInGBs: 1,
          maxInGBs: maxMemoryInGBs,
          defaultPerOcpuInGBs: memoryInGBs,
          minPerOcpuInGBs: 1,
          maxPerOcpuInGBs: MAX_GBS_PER_OCPU,
        },
      }),
});
