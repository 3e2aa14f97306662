import { ACCOUNT_ID, WORKLOAD_ROLE } from '../identity.ts';
import type { AwsTimings } from '../timings.ts';
import { ec2Error } from '../wire/validation.ts';
import { type Instance, type InterruptionBehavior, isAlive, type Reservation, type SpotRequest } from './instance.ts';
import { type InstanceBucket, type InstanceTypeSpec, requireType, VCPU_LIMITS } from './instance-types.ts';
import { spotUsdPerHour } from './spot-prices.ts';

/** What is to be launched, checked. */
export interface Launch {
  readonly minCount: number;
  readonly maxCount: number;
  readonly imageId: string;
  readonly type: InstanceTypeSpec;
  /** Undefined: any that has room. */
  readonly zone: string | undefined;
  readonly spot: {
    readonly maxUsdPerHour: number | null;
    readonly type: 'one-time' | 'persistent';
    readonly behavior: InterruptionBehavior;
  } | null;
  readonly clientToken: string;
  readonly keyName: string | undefined;
  readonly profileArn: string | undefined;
  readonly userData: string | undefined;
  readonly isTerminationProtected: boolean;
  readonly tags: readonly (readonly [string, string])[];
  readonly spotTags: readonly (readonly [string, string])[];
}

/** EC2 in one region: instances, and what the account may have of them. */
export interface Ec2Region {
  readonly zones: readonly string[];
  /** Oldest first, without those that were terminated more than an hour ago. */
  reservations(): readonly Reservation[];
  spotRequests(): readonly SpotRequest[];
  /** @throws {AwsError} `VcpuLimitExceeded`, `MaxSpotInstanceCountExceeded`, `SpotMaxPriceTooLow`, `InsufficientInstanceCapacity` */
  launch(launch: Launch): Reservation;
  /** @throws {AwsError} `InvalidInstanceID.NotFound`, `InvalidInstanceID.Malformed` */
  find(ids: readonly string[]): readonly Instance[];
  terminate(instance: Instance): void;
  /** @throws {AwsError} `IncorrectInstanceState` */
  stop(instance: Instance): void;
  start(instance: Instance): void;
  /** Announces to each living spot instance that it is taken, and takes it when its notice has run out. */
  interruptSpot(noticeMs?: number): void;
  /**
   * The instance that metadata is about: the spot instance launched last, else the instance launched last, of those that live. While
   * the account has none, it is the spot instance that the workload itself stands on, which another account launched.
   */
  metadataInstance(): Instance;
  /** The last RunInstances with a client token, for idempotency. */
  readonly byClientToken: Map<string, { readonly fingerprint: string; readonly reservation: Reservation }>;
  /** US dollars an hour, in force. */
  spotPrice(type: InstanceTypeSpec, zone: string): number;
}

/** Terminated instances are described for about an hour (TerminateInstances in the service model of EC2, read November 2026). */
const VISIBLE_AFTER_TERMINATION_MS = 3_600_000;

const USER_INITIATED = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const SPOT_TERMINATED = {
  code: 'Server.SpotInstanceTermination',
  message: 'Server.SpotInstanceTermination: Spot instance termination',
};
const SPOT_STOPPED = { code: 'Server.SpotInstanceShutdown', message: 'Server.SpotInstanceShutdown: Spot instance shutdown' };

/** The machine that the workload stands on. */
const HOST: Launch = {
  minCount: 1,
  maxCount: 1,
  imageId: 'ami-0f5a1b6c2d3e4f708',
  type: requireType('g5.xlarge'),
  zone: undefined,
  spot: { maxUsdPerHour: null, type: 'one-time', behavior: 'terminate' },
  clientToken: '',
  keyName: undefined,
  profileArn: `arn:aws:iam::${ACCOUNT_ID}:instance-profile/${WORKLOAD_ROLE}`,
  userData: undefined,
  isTerminationProtected: false,
  tags: [],
  spotTags: [],
};

const randomHex = (digits: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(digits)), (byte) => (byte % 16).toString(16)).join('');

/** An id in EC2's form: seventeen hexadecimal digits after the prefix, eight after `sir`. */
const mintId = (prefix: 'i' | 'r' | 'sir'): string => (prefix === 'sir' ? `sir-${randomHex(8)}` : `${prefix}-0${randomHex(16)}`);

const INSTANCE_ID = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

const statusOf = (code: string, message: string) => ({ code, message, at: new Date() });

/** @param priceMultiplier in force for the region's spot market */
export const createEc2Region = (region: string, timings: AwsTimings, priceMultiplier: () => number): Ec2Region => {
  const zones = ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
  const instances = new Map<string, Instance>();
  const reservations = new Map<string, Reservation>();
  const spotRequests = new Map<string, SpotRequest>();
  const byClientToken: Ec2Region['byClientToken'] = new Map();
  /** Until when the spot capacity of a type in a zone is taken back, epoch milliseconds. */
  const reclaimed = new Map<string, number>();
  let addresses = 0;

  const isForgotten = ({ terminatedAtMs }: Instance): boolean =>
    terminatedAtMs !== null && terminatedAtMs + VISIBLE_AFTER_TERMINATION_MS <= Date.now();

  const forget = () => {
    for (const [id, reservation] of reservations) {
      if (!reservation.instances.every(isForgotten)) continue;
      reservations.delete(id);
      for (const instance of reservation.instances) instances.delete(instance.id);
    }
  };

  const spotPrice = (type: InstanceTypeSpec, zone: string) => spotUsdPerHour(type, region, zone, Date.now()) * priceMultiplier();

  const vcpusUsed = (bucket: InstanceBucket, isSpot: boolean): number =>
    [...instances.values()]
      .filter(
        (each) => isAlive(each) && each.state !== 'stopped' && each.type.bucket === bucket && (each.spot !== null) === isSpot,
      )
      .reduce((sum, { type }) => sum + type.vcpus, 0);

  /** How many of the wanted instances the account's limit has room for. @throws {AwsError} when fewer than asked for at least */
  const countWithin = ({ type, spot, minCount, maxCount }: Launch): number => {
    const limit = VCPU_LIMITS[type.bucket];
    const room = Math.floor((limit - vcpusUsed(type.bucket, spot !== null)) / type.vcpus);
    if (room >= minCount) return Math.min(room, maxCount);
    if (spot) throw ec2Error('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded');
    throw ec2Error(
      'VcpuLimitExceeded',
      `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified ` +
        'instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.',
    );
  };

  const hasCapacity = ({ type, spot }: Launch, zone: string): boolean =>
    spot === null || (reclaimed.get(`${type.name}/${zone}`) ?? 0) <= Date.now();

  const chooseZone = (launch: Launch): string => {
    const wanted = launch.zone === undefined ? zones : [launch.zone];
    const zone = wanted.find((each) => hasCapacity(launch, each));
    if (zone === undefined) {
      throw ec2Error(
        'InsufficientInstanceCapacity',
        `We currently do not have sufficient ${launch.type.name} capacity in the Availability Zone you requested (${wanted[0]}). ` +
          'Our system will be working on provisioning additional capacity.',
        500,
      );
    }
    const price = spotPrice(launch.type, zone);
    const max = launch.spot?.maxUsdPerHour ?? null;
    if (max !== null && max < price) {
      throw ec2Error(
        'SpotMaxPriceTooLow',
        `Your Spot request price of ${max} is lower than the minimum required Spot request fulfillment price of ${price.toFixed(4)}.`,
      );
    }
    return zone;
  };

  const later = (ms: number, act: () => void) => setTimeout(act, ms);

  const boot = (instance: Instance) => {
    instance.state = 'pending';
    later(timings.instancePendingMs, () => {
      if (instance.state === 'pending') instance.state = 'running';
    });
  };

  const shutDown = (instance: Instance, reason: Instance['reason']) => {
    if (!isAlive(instance)) return;
    instance.state = 'shutting-down';
    instance.reason = reason;
    instance.interruption = null;
    instance.transitionReason =
      reason === USER_INITIATED
        ? `User initiated (${new Date().toISOString().replace('T', ' ').slice(0, 19)} GMT)`
        : (reason?.code ?? '');
    later(timings.instanceStoppingMs, () => {
      instance.state = 'terminated';
      instance.terminatedAtMs = Date.now();
    });
  };

  const halt = (instance: Instance, reason: Instance['reason']) => {
    instance.state = 'stopping';
    instance.reason = reason;
    instance.interruption = null;
    later(timings.instanceStoppingMs, () => {
      if (instance.state === 'stopping') instance.state = 'stopped';
    });
  };

  const take = (instance: Instance, spot: SpotRequest) => {
    if (instance.interruption === null || !isAlive(instance)) return;
    if (spot.behavior === 'terminate') {
      shutDown(instance, SPOT_TERMINATED);
      spot.state = spot.type === 'persistent' ? 'open' : 'closed';
      spot.status = statusOf(
        'instance-terminated-no-capacity',
        'Your Spot Instance was terminated because there is no Spot capacity available.',
      );
      return;
    }
    halt(instance, SPOT_STOPPED);
    spot.state = 'disabled';
    spot.status = statusOf(
      'instance-stopped-no-capacity',
      'Your Spot Instance was stopped because there is no Spot capacity available.',
    );
  };

  const announce = (instance: Instance, spot: SpotRequest, noticeMs: number) => {
    const noticedAt = new Date();
    const takenAt = new Date(noticedAt.getTime() + noticeMs);
    instance.interruption = { noticedAt, takenAt, action: spot.behavior };
    spot.status = statusOf(
      spot.behavior === 'terminate' ? 'marked-for-termination' : 'marked-for-stop',
      `Your Spot Instance is marked for ${spot.behavior === 'terminate' ? 'termination' : 'stop'} because there is no Spot capacity available.`,
    );
    if (instances.has(instance.id)) reclaimed.set(`${instance.type.name}/${instance.zone}`, takenAt.getTime());
    later(noticeMs, () => take(instance, spot));
  };

  const build = (launch: Launch, zone: string, reservationId: string, launchIndex: number): Instance => {
    const id = mintId('i');
    const createdAt = new Date();
    const spot: SpotRequest | null = launch.spot && {
      id: mintId('sir'),
      instanceId: id,
      createdAt,
      ...launch.spot,
      tags: new Map(launch.spotTags),
      state: 'active',
      status: statusOf('fulfilled', 'Your Spot request is fulfilled.'),
    };
    addresses += 1;
    return {
      id,
      reservationId,
      launchIndex,
      imageId: launch.imageId,
      type: launch.type,
      zone,
      // The default VPC, 172.31.0.0/16, has a /20 for each zone.
      privateIp: `172.31.${zones.indexOf(zone) * 16 + (Math.floor(addresses / 250) % 16)}.${(addresses % 250) + 4}`,
      clientToken: launch.clientToken,
      keyName: launch.keyName,
      profileArn: launch.profileArn,
      userData: launch.userData,
      isTerminationProtected: launch.isTerminationProtected,
      spot,
      tags: new Map(launch.tags),
      launchedAt: createdAt,
      state: 'pending',
      reason: null,
      transitionReason: '',
      interruption: null,
      terminatedAtMs: null,
    };
  };

  const create = (launch: Launch, zone: string, reservationId: string, launchIndex: number): Instance => {
    const instance = build(launch, zone, reservationId, launchIndex);
    if (instance.spot) spotRequests.set(instance.spot.id, instance.spot);
    instances.set(instance.id, instance);
    boot(instance);
    return instance;
  };

  const buildHost = (): Instance => ({ ...build(HOST, zones[0] ?? region, mintId('r'), 0), state: 'running' });

  let host = buildHost();

  return {
    zones,
    byClientToken,
    spotPrice,
    reservations() {
      forget();
      return [...reservations.values()];
    },
    spotRequests: () => [...spotRequests.values()],
    launch(launch) {
      const count = countWithin(launch);
      const zone = chooseZone(launch);
      const id = mintId('r');
      const launched = Array.from({ length: count }, (_, index) => create(launch, zone, id, index));
      const reservation = { id, instances: launched };
      reservations.set(id, reservation);
      return reservation;
    },
    find(ids) {
      forget();
      const malformed = ids.find((id) => !INSTANCE_ID.test(id));
      if (malformed !== undefined) throw ec2Error('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
      const missing = ids.filter((id) => !instances.has(id));
      if (missing.length === 1) throw ec2Error('InvalidInstanceID.NotFound', `The instance ID '${missing[0]}' does not exist`);
      if (missing.length > 1) {
        throw ec2Error('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`);
      }
      return [...new Set(ids)].flatMap((id) => instances.get(id) ?? []);
    },
    terminate(instance) {
      shutDown(instance, USER_INITIATED);
      if (instance.spot?.state === 'active') {
        instance.spot.state = 'closed';
        instance.spot.status = statusOf(
          'instance-terminated-by-user',
          'Spot Instance terminated due to user-initiated termination.',
        );
      }
    },
    stop(instance) {
      if (instance.state === 'stopping' || instance.state === 'stopped') return;
      if (instance.state !== 'running') {
        throw ec2Error('IncorrectInstanceState', `The instance '${instance.id}' is not in a state from which it can be stopped.`);
      }
      if (instance.spot?.type === 'one-time') {
        throw ec2Error(
          'UnsupportedOperation',
          `You can't stop the Spot Instance '${instance.id}' because it is associated with a one-time Spot Instance request. ` +
            'You can only stop Spot Instances associated with persistent Spot Instance requests.',
        );
      }
      halt(instance, USER_INITIATED);
    },
    start(instance) {
      if (instance.state === 'pending' || instance.state === 'running') return;
      if (instance.state !== 'stopped') {
        throw ec2Error('IncorrectInstanceState', `The instance '${instance.id}' is not in a state from which it can be started.`);
      }
      instance.launchedAt = new Date();
      instance.reason = null;
      boot(instance);
      if (instance.spot) {
        instance.spot.state = 'active';
        instance.spot.status = statusOf('fulfilled', 'Your Spot request is fulfilled.');
      }
    },
    interruptSpot(noticeMs = timings.interruptionNoticeMs) {
      for (const instance of instances.values()) {
        const isRunning = instance.state === 'running' || instance.state === 'pending';
        if (instance.spot && isRunning && instance.interruption === null) announce(instance, instance.spot, noticeMs);
      }
      if (host.spot && host.interruption === null) {
        announce(host, host.spot, noticeMs);
        // The workload moves to another machine, as one of an Auto Scaling group does.
        later(noticeMs, () => {
          host = buildHost();
        });
      }
    },
    metadataInstance() {
      const alive = [...instances.values()].filter((each) => isAlive(each) && each.state !== 'stopped');
      return alive.findLast(({ spot }) => spot !== null) ?? alive.at(-1) ?? host;
    },
  };
};
