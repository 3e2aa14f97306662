import { INSTANCE_TYPES, type InstanceTypeSpec, onDemandUsdPerHour } from '../ec2/instance-types.ts';

const PREFIX = 'ml.';

/**
 * Hosting costs so much more than the bare instance: ml.m5.xlarge 0.23 over 0.192, ml.g5.xlarge 1.408 over 1.006, ml.g4dn.xlarge 0.736 over 0.526
 * in us-east-1 (Price List API, as its users recorded it; read November 2026). One factor a kind is a simplification: ml.g5.2xlarge is 1.515
 * over 1.212.
 */
const factorOf = ({ bucket }: InstanceTypeSpec): number => (bucket === 'Standard' ? 1.2 : 1.4);

/** EC2's types that host no models. Source: `ProductionVariantInstanceType` in the service model sagemaker 2017-07-24, read November 2026. */
const NO_HOSTS = /\.(?:micro|small)$|^(?:t3|m7g)\./;

const hosts = [...INSTANCE_TYPES.values()].filter(({ name }) => !NO_HOSTS.test(name));

export const HOSTING_TYPES: readonly string[] = hosts.map(({ name }) => PREFIX + name);

export const hostingSpec = (instanceType: string): InstanceTypeSpec | undefined =>
  HOSTING_TYPES.includes(instanceType) ? INSTANCE_TYPES.get(instanceType.slice(PREFIX.length)) : undefined;

/** List price in a region, US dollars an hour. */
export const hostingUsdPerHour = (type: InstanceTypeSpec, region: string): number =>
  onDemandUsdPerHour(type, region) * factorOf(type);

/** Instances of one type that the account's endpoints may have together. */
export const hostingLimit = ({ bucket }: InstanceTypeSpec): number => (bucket === 'Standard' ? 20 : 8);
