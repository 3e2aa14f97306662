import { z } from 'zod';
import { sha256Hex } from '../../shared/sha256.ts';
import { ACCOUNT_ID } from '../identity.ts';
import { ec2Error, formBoolean, formInteger, validateEc2 } from '../wire/validation.ts';
import type { Reservation } from './instance.ts';
import { INSTANCE_TYPES } from './instance-types.ts';
import type { Ec2Region, Launch } from './region.ts';

const tagSpecifications = z.array(
  z.strictObject({
    ResourceType: z.enum(['instance', 'spot-instances-request', 'volume', 'network-interface']),
    Tag: z
      .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256).default('') }))
      .max(50)
      .default([]),
  }),
);

const AMI = /^(?:ami-(?:[0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/;

/** Parameters that are taken, and change nothing here: networks, disks and licences are not emulated. Their own structure is not looked at. */
const PASSED_OVER = [
  'BlockDeviceMapping',
  'Ipv6AddressCount',
  'Ipv6Address',
  'Monitoring',
  'SecurityGroupId',
  'SecurityGroup',
  'SubnetId',
  'CreditSpecification',
  'CpuOptions',
  'CapacityReservationSpecification',
  'HibernationOptions',
  'LicenseSpecification',
  'MetadataOptions',
  'EnclaveOptions',
  'PrivateDnsNameOptions',
  'MaintenanceOptions',
  'DisableApiStop',
  'EnablePrimaryIpv6',
  'NetworkPerformanceOptions',
  'InstanceInitiatedShutdownBehavior',
  'PrivateIpAddress',
  'AdditionalInfo',
  'NetworkInterface',
  'EbsOptimized',
] as const;

const spotOptions = z.strictObject({
  MaxPrice: z
    .string()
    .regex(/^\d+(?:\.\d+)?$/)
    .transform(Number)
    .optional(),
  SpotInstanceType: z.enum(['one-time', 'persistent']).default('one-time'),
  InstanceInterruptionBehavior: z.enum(['terminate', 'stop', 'hibernate']).default('terminate'),
  ValidUntil: z.string().optional(),
});

/** Names in the form are the members' of the API; those that the service model writes in small letters are taken in capitals too, as EC2 takes them. */
const runInstances = z.strictObject({
  ...Object.fromEntries(PASSED_OVER.map((name) => [name, z.unknown().optional()])),
  ImageId: z.string(),
  InstanceType: z.string().default('m1.small'),
  MinCount: formInteger.pipe(z.int().min(1)),
  MaxCount: formInteger.pipe(z.int().min(1)),
  KeyName: z.string().optional(),
  UserData: z.string().max(25_600).optional(),
  ClientToken: z.string().max(64).optional(),
  Placement: z.looseObject({ AvailabilityZone: z.string().optional() }).optional(),
  InstanceMarketOptions: z
    .strictObject({ MarketType: z.enum(['spot']).optional(), SpotOptions: spotOptions.optional() })
    .optional(),
  IamInstanceProfile: z.strictObject({ Arn: z.string().optional(), Name: z.string().optional() }).optional(),
  DisableApiTermination: formBoolean.optional(),
  TagSpecification: tagSpecifications.default([]),
});

type RunInstances = z.output<typeof runInstances>;

const tagsFor = (input: RunInstances, type: string): readonly (readonly [string, string])[] =>
  input.TagSpecification.filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tag }) =>
    Tag.map(({ Key, Value }) => [Key, Value] as const),
  );

const profileArnOf = ({ IamInstanceProfile: profile }: RunInstances): string | undefined =>
  profile?.Arn ?? (profile?.Name === undefined ? undefined : `arn:aws:iam::${ACCOUNT_ID}:instance-profile/${profile.Name}`);

const spotOf = ({ InstanceMarketOptions: market }: RunInstances): Launch['spot'] => {
  if (market === undefined || (market.MarketType === undefined && market.SpotOptions === undefined)) return null;
  const { MaxPrice, SpotInstanceType, InstanceInterruptionBehavior } = market.SpotOptions ?? spotOptions.parse({});
  if (InstanceInterruptionBehavior !== 'terminate' && SpotInstanceType === 'one-time') {
    throw ec2Error(
      'InvalidParameterCombination',
      `The interruption behavior '${InstanceInterruptionBehavior}' is only supported for persistent Spot requests.`,
    );
  }
  return { maxUsdPerHour: MaxPrice ?? null, type: SpotInstanceType, behavior: InstanceInterruptionBehavior };
};

const checkImage = (imageId: string): void => {
  if (!AMI.test(imageId)) throw ec2Error('InvalidAMIID.Malformed', `Invalid id: "${imageId}"`);
};

const launchOf = (input: RunInstances, region: Ec2Region): Launch => {
  checkImage(input.ImageId);
  const type = INSTANCE_TYPES.get(input.InstanceType);
  if (!type) throw ec2Error('InvalidParameterValue', `Invalid value '${input.InstanceType}' for InstanceType.`);
  const zone = input.Placement?.AvailabilityZone;
  if (zone !== undefined && !region.zones.includes(zone)) {
    throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
  }
  if (input.MinCount > input.MaxCount) {
    throw ec2Error(
      'InvalidParameterValue',
      `minCount (${input.MinCount}) should be less than or equal to maxCount (${input.MaxCount}).`,
    );
  }
  return {
    minCount: input.MinCount,
    maxCount: input.MaxCount,
    imageId: input.ImageId,
    type,
    zone,
    spot: spotOf(input),
    clientToken: input.ClientToken ?? '',
    keyName: input.KeyName,
    profileArn: profileArnOf(input),
    userData: input.UserData,
    isTerminationProtected: input.DisableApiTermination ?? false,
    tags: tagsFor(input, 'instance'),
    spotTags: tagsFor(input, 'spot-instances-request'),
  };
};

/**
 * Launches what a form asks for; with a client token that was used before, gives what that launched.
 * @throws {AwsError}
 */
export const runInstancesIn = (region: Ec2Region, input: unknown): Reservation => {
  const launch = launchOf(validateEc2(runInstances, input), region);
  const { clientToken } = launch;
  if (clientToken === '') return region.launch(launch);
  const fingerprint = sha256Hex(JSON.stringify(input));
  const earlier = region.byClientToken.get(clientToken);
  if (earlier) {
    if (earlier.fingerprint === fingerprint) return earlier.reservation;
    throw ec2Error(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  const reservation = region.launch(launch);
  region.byClientToken.set(clientToken, { fingerprint, reservation });
  return reservation;
};
