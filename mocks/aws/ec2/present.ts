import { ACCOUNT_ID } from '../identity.ts';
import type { XmlValue } from '../wire/xml.ts';
import { type Instance, type InstanceState, isAlive, type Reservation, type SpotRequest, STATE_CODES } from './instance.ts';

/** Instances, reservations and spot requests under the names that EC2's XML has for their members. */

export const presentState = (state: InstanceState): XmlValue => ({ code: STATE_CODES[state], name: state });

export const presentTags = (tags: ReadonlyMap<string, string>): XmlValue =>
  tags.size === 0 ? undefined : [...tags].map(([key, value]) => ({ key, value }));

/** Every account has a default VPC with a subnet a zone, and a default security group. */
const VPC_ID = 'vpc-0d1e2f3a4b5c6d7e8';
const SUBNET_PREFIX = 'subnet-0d1e2f3a4b5c6d7';
const SECURITY_GROUP = { groupId: 'sg-0d1e2f3a4b5c6d7e8', groupName: 'default' };

const subnetOf = (zone: string): string => `${SUBNET_PREFIX}${zone.slice(-1)}${zone.slice(-1).charCodeAt(0) % 10}`;

export const privateDnsName = ({ privateIp, zone }: Instance): string => {
  const region = zone.slice(0, -1);
  return `ip-${privateIp.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;
};

export const presentInstance = (instance: Instance): XmlValue => {
  const isOn = isAlive(instance);
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: presentState(instance.state),
    privateDnsName: isOn ? privateDnsName(instance) : '',
    dnsName: '',
    reason: instance.transitionReason,
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.type.name,
    launchTime: instance.launchedAt,
    placement: { availabilityZone: instance.zone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    subnetId: isOn ? subnetOf(instance.zone) : undefined,
    vpcId: isOn ? VPC_ID : undefined,
    privateIpAddress: isOn ? instance.privateIp : undefined,
    sourceDestCheck: isOn ? true : undefined,
    groupSet: isOn ? [SECURITY_GROUP] : [],
    stateReason: instance.reason
      ? { code: instance.reason.code, message: instance.reason.message }
      : instance.state === 'pending'
        ? { code: 'pending', message: 'pending' }
        : undefined,
    architecture: instance.type.architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: '/dev/xvda',
    blockDeviceMapping: [],
    virtualizationType: 'hvm',
    instanceLifecycle: instance.spot ? 'spot' : undefined,
    spotInstanceRequestId: instance.spot?.id,
    clientToken: instance.clientToken,
    tagSet: presentTags(instance.tags),
    hypervisor: 'xen',
    iamInstanceProfile:
      instance.profileArn === undefined
        ? undefined
        : { arn: instance.profileArn, id: `AIPA${instance.id.slice(3, 19).toUpperCase()}` },
    ebsOptimized: false,
    enaSupport: true,
    cpuOptions: {
      coreCount: instance.type.vcpus / instance.type.threadsPerCore,
      threadsPerCore: instance.type.threadsPerCore,
    },
    metadataOptions: {
      state: isOn && instance.state !== 'pending' ? 'applied' : 'pending',
      httpTokens: 'required',
      httpPutResponseHopLimit: 2,
      httpEndpoint: 'enabled',
      httpProtocolIpv6: 'disabled',
      instanceMetadataTags: 'disabled',
    },
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
  };
};

export const presentReservation = (
  { id }: Reservation,
  instances: readonly Instance[],
): { readonly [name: string]: XmlValue } => ({
  reservationId: id,
  ownerId: ACCOUNT_ID,
  groupSet: [],
  instancesSet: instances.map(presentInstance),
});

export const presentSpotRequest = (request: SpotRequest, instance: Instance | undefined, onDemandUsd: number): XmlValue => ({
  spotInstanceRequestId: request.id,
  // Without a price of the caller's, the on-demand price is the most that is paid.
  spotPrice: (request.maxUsdPerHour ?? onDemandUsd).toFixed(6),
  type: request.type,
  state: request.state,
  status: { code: request.status.code, message: request.status.message, updateTime: request.status.at },
  instanceId: request.instanceId,
  createTime: request.createdAt,
  productDescription: 'Linux/UNIX',
  tagSet: presentTags(request.tags),
  instanceInterruptionBehavior: request.behavior,
  launchedAvailabilityZone: instance?.zone,
  launchSpecification: instance && {
    imageId: instance.imageId,
    keyName: instance.keyName,
    instanceType: instance.type.name,
    placement: { availabilityZone: instance.zone },
    monitoring: { enabled: false },
  },
});
