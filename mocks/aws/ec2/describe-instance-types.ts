import { z } from 'zod';
import { ec2Error, formInteger, validateEc2 } from '../wire/validation.ts';
import type { XmlValue } from '../wire/xml.ts';
import { applyFilters, type FilterValues, filtersSchema } from './filters.ts';
import { type Accelerator, HARDWARE, type Hardware } from './hardware.ts';
import { INSTANCE_TYPES, type InstanceTypeSpec } from './instance-types.ts';
import { pageOf } from './pages.ts';

interface TypeWithHardware {
  readonly type: InstanceTypeSpec;
  readonly hardware: Hardware;
}

const TYPES: readonly TypeWithHardware[] = [...INSTANCE_TYPES.values()].flatMap((type) => {
  const hardware = HARDWARE.get(type.name);
  return hardware ? [{ type, hardware }] : [];
});

const familyOf = ({ type }: TypeWithHardware): string => type.name.slice(0, type.name.indexOf('.'));

/** Older ones than Nitro: t2 and p3. */
const hypervisorOf = (each: TypeWithHardware): string => (['t2', 'p3'].includes(familyOf(each)) ? 'xen' : 'nitro');
const isBurstable = ({ type }: TypeWithHardware): boolean => type.name.startsWith('t');
const hasStorage = (each: TypeWithHardware): boolean => ['g4dn', 'g5', 'g6'].includes(familyOf(each));
const coresOf = ({ type }: TypeWithHardware): number => type.vcpus / type.threadsPerCore;

const FILTERS: FilterValues<TypeWithHardware> = {
  'instance-type': ({ type }) => [type.name],
  'current-generation': ({ hardware }) => [String(hardware.isCurrentGeneration)],
  'bare-metal': () => ['false'],
  'burstable-performance-supported': (each) => [String(isBurstable(each))],
  hypervisor: (each) => [hypervisorOf(each)],
  'instance-storage-supported': (each) => [String(hasStorage(each))],
  'memory-info.size-in-mib': ({ hardware }) => [String(hardware.memoryMiB)],
  'network-info.network-performance': ({ hardware }) => [hardware.network],
  'processor-info.supported-architecture': ({ type }) => [type.architecture],
  'processor-info.sustained-clock-speed-in-ghz': ({ hardware }) => [String(hardware.clockGhz)],
  'supported-root-device-type': () => ['ebs'],
  'supported-usage-class': () => ['on-demand', 'spot'],
  'supported-virtualization-type': () => ['hvm'],
  'vcpu-info.default-cores': (each) => [String(coresOf(each))],
  'vcpu-info.default-threads-per-core': ({ type }) => [String(type.threadsPerCore)],
  'vcpu-info.default-vcpus': ({ type }) => [String(type.vcpus)],
};

/** Cards under one name, and Inferentia's chips under two: an older one and its own. */
const presentAccelerator = ({ name, manufacturer, count, memoryMiB }: Accelerator): Readonly<Record<string, XmlValue>> => {
  const device = { count, name, manufacturer, memoryInfo: { sizeInMiB: memoryMiB } };
  if (manufacturer === 'NVIDIA') return { gpuInfo: { gpus: [device], totalGpuMemoryInMiB: count * memoryMiB } };
  return {
    // This one list calls its items `member`, in the service model.
    inferenceAcceleratorInfo: { accelerators: { member: device }, totalInferenceMemoryInMiB: count * memoryMiB },
    neuronInfo: {
      neuronDevices: [{ count, name, coreInfo: { count: 2, version: 2 }, memoryInfo: { sizeInMiB: memoryMiB } }],
      totalNeuronDeviceMemoryInMiB: count * memoryMiB,
    },
  };
};

const presentType = (each: TypeWithHardware): XmlValue => {
  const { type, hardware } = each;
  return {
    instanceType: type.name,
    currentGeneration: hardware.isCurrentGeneration,
    supportedUsageClasses: ['on-demand', 'spot'],
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    bareMetal: false,
    hypervisor: hypervisorOf(each),
    processorInfo: { supportedArchitectures: [type.architecture], sustainedClockSpeedInGhz: hardware.clockGhz },
    vCpuInfo: { defaultVCpus: type.vcpus, defaultCores: coresOf(each), defaultThreadsPerCore: type.threadsPerCore },
    memoryInfo: { sizeInMiB: hardware.memoryMiB },
    instanceStorageSupported: hasStorage(each),
    networkInfo: { networkPerformance: hardware.network },
    ...(hardware.accelerator ? presentAccelerator(hardware.accelerator) : {}),
    burstablePerformanceSupported: isBurstable(each),
  };
};

/** The instance types that there are, all of them in each region. @throws {AwsError} `InvalidInstanceType` */
export const describeInstanceTypes = (_region: unknown, input: unknown): { readonly [name: string]: XmlValue } => {
  const { InstanceType, Filter, MaxResults, NextToken } = validateEc2(
    z.strictObject({
      InstanceType: z.array(z.string()).max(100).default([]),
      Filter: filtersSchema,
      MaxResults: formInteger.pipe(z.int().min(5).max(100)).default(100),
      NextToken: z.string().optional(),
      IncludeUnsupportedInRegion: z.string().optional(),
    }),
    input,
  );
  const unknown = InstanceType.filter((name) => !HARDWARE.has(name));
  if (unknown.length > 0) {
    throw ec2Error('InvalidInstanceType', `The following supplied instance types do not exist: [${unknown.join(', ')}]`);
  }
  const wanted = TYPES.filter(({ type }) => InstanceType.length === 0 || InstanceType.includes(type.name));
  const { items, nextToken } = pageOf(applyFilters(wanted, Filter, FILTERS), 'instance-types', MaxResults, NextToken);
  return { instanceTypeSet: items.map(presentType), nextToken };
};
