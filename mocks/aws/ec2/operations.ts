import { z } from 'zod';
import { ACCOUNT_ID } from '../identity.ts';
import type { Call, Operation } from '../serve.ts';
import { ec2Error, formInteger, validateEc2 } from '../wire/validation.ts';
import type { XmlValue } from '../wire/xml.ts';
import { describeInstanceTypes } from './describe-instance-types.ts';
import { applyFilters, type FilterValues, filtersSchema } from './filters.ts';
import { type Instance, type SpotRequest, STATE_CODES } from './instance.ts';
import { onDemandUsdPerHour } from './instance-types.ts';
import { pageOf } from './pages.ts';
import { presentReservation, presentSpotRequest, presentState } from './present.ts';
import type { Ec2Region } from './region.ts';
import { runInstancesIn } from './run-instances.ts';
import { describeSpotPriceHistory } from './spot-price-history.ts';

type Members = { readonly [name: string]: XmlValue };

const ids = z.array(z.string()).max(1000);
const pageSize = (min: number) => formInteger.pipe(z.int().min(min).max(1000)).optional();

const instanceFilters: FilterValues<Instance> = {
  'instance-id': ({ id }) => [id],
  'instance-type': ({ type }) => [type.name],
  'instance-state-name': ({ state }) => [state],
  'instance-state-code': ({ state }) => [String(STATE_CODES[state])],
  'instance-lifecycle': ({ spot }) => (spot ? ['spot'] : []),
  'spot-instance-request-id': ({ spot }) => (spot ? [spot.id] : []),
  'availability-zone': ({ zone }) => [zone],
  'image-id': ({ imageId }) => [imageId],
  'private-ip-address': ({ privateIp }) => [privateIp],
  'reservation-id': ({ reservationId }) => [reservationId],
  'client-token': ({ clientToken }) => [clientToken],
  'key-name': ({ keyName }) => (keyName === undefined ? [] : [keyName]),
  'owner-id': () => [ACCOUNT_ID],
  architecture: ({ type }) => [type.architecture],
};

const describeInstances = (region: Ec2Region, input: unknown): Members => {
  const { InstanceId, Filter, MaxResults, NextToken } = validateEc2(
    z.strictObject({
      InstanceId: ids.default([]),
      Filter: filtersSchema,
      MaxResults: pageSize(5),
      NextToken: z.string().optional(),
      IncludeManagedResources: z.string().optional(),
    }),
    input,
  );
  if (InstanceId.length > 0 && MaxResults !== undefined) {
    throw ec2Error('InvalidParameterCombination', 'The parameter instancesSet cannot be used with the parameter maxResults');
  }
  const wanted = InstanceId.length > 0 ? new Set(region.find(InstanceId)) : null;
  const found = region.reservations().flatMap((reservation) => {
    const asked = wanted ? reservation.instances.filter((each) => wanted.has(each)) : reservation.instances;
    const instances = applyFilters(asked, Filter, instanceFilters, ({ tags }) => tags);
    return instances.length > 0 ? [{ reservation, instances }] : [];
  });
  // A page counts instances, and no reservation is torn apart.
  const { items, nextToken } = pageOf(found, 'instances', MaxResults, NextToken);
  return {
    reservationSet: items.map(({ reservation, instances }) => presentReservation(reservation, instances)),
    nextToken,
  };
};

const describeInstanceStatus = (region: Ec2Region, input: unknown): Members => {
  const { InstanceId, Filter, MaxResults, NextToken, IncludeAllInstances } = validateEc2(
    z.strictObject({
      InstanceId: ids.default([]),
      Filter: filtersSchema,
      MaxResults: pageSize(5),
      NextToken: z.string().optional(),
      IncludeAllInstances: z.enum(['true', 'false']).default('false'),
    }),
    input,
  );
  const all = InstanceId.length > 0 ? region.find(InstanceId) : region.reservations().flatMap(({ instances }) => instances);
  const shown = all.filter(({ state }) => IncludeAllInstances === 'true' || state === 'running');
  const matching = applyFilters(shown, Filter, instanceFilters, ({ tags }) => tags);
  const { items, nextToken } = pageOf(matching, 'statuses', MaxResults, NextToken);
  const summary = (state: Instance['state']) =>
    state === 'running' ? { status: 'ok', details: [{ name: 'reachability', status: 'passed' }] } : { status: 'not-applicable' };
  return {
    instanceStatusSet: items.map(({ id, zone, state }) => ({
      instanceId: id,
      availabilityZone: zone,
      instanceState: presentState(state),
      systemStatus: summary(state),
      instanceStatus: summary(state),
    })),
    nextToken,
  };
};

/** Terminate, stop and start: each instance with its state before and after. */
const changeStates =
  (change: (region: Ec2Region, instance: Instance) => void) =>
  (region: Ec2Region, input: unknown): Members => {
    const { InstanceId } = validateEc2(
      z.strictObject({
        InstanceId: ids.min(1),
        Force: z.string().optional(),
        SkipOsShutdown: z.string().optional(),
        Hibernate: z.string().optional(),
        AdditionalInfo: z.string().optional(),
      }),
      input,
    );
    const instances = region.find(InstanceId);
    return {
      instancesSet: instances.map((instance) => {
        const previousState = presentState(instance.state);
        change(region, instance);
        return { instanceId: instance.id, currentState: presentState(instance.state), previousState };
      }),
    };
  };

const terminateInstances = (region: Ec2Region, input: unknown): Members => {
  // All or none: a protected instance keeps the others from being terminated too.
  const asked = z.looseObject({ InstanceId: ids }).safeParse(input).data?.InstanceId ?? [];
  const kept = region.find(asked).find((each) => each.isTerminationProtected);
  if (kept) {
    throw ec2Error(
      'OperationNotPermitted',
      `The instance '${kept.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  }
  return changeStates((of, instance) => of.terminate(instance))(region, input);
};

const findSpotRequests = (region: Ec2Region, wanted: readonly string[]): readonly SpotRequest[] => {
  const byId = new Map(region.spotRequests().map((request) => [request.id, request]));
  const malformed = wanted.find((id) => !/^sir-[0-9a-z]{8,17}$/.test(id));
  if (malformed !== undefined) {
    throw ec2Error('InvalidSpotInstanceRequestID.Malformed', `The spot instance request ID '${malformed}' is malformed`);
  }
  const missing = wanted.find((id) => !byId.has(id));
  if (missing !== undefined) {
    throw ec2Error('InvalidSpotInstanceRequestID.NotFound', `The spot instance request ID '${missing}' does not exist`);
  }
  return wanted.length === 0 ? [...byId.values()] : wanted.flatMap((id) => byId.get(id) ?? []);
};

const spotFilters: FilterValues<SpotRequest> = {
  'spot-instance-request-id': ({ id }) => [id],
  'instance-id': ({ instanceId }) => [instanceId],
  state: ({ state }) => [state],
  'status-code': ({ status }) => [status.code],
  type: ({ type }) => [type],
};

const describeSpotInstanceRequests = (region: Ec2Region, input: unknown, { region: name }: Call): Members => {
  const { SpotInstanceRequestId, Filter, MaxResults, NextToken } = validateEc2(
    z.strictObject({
      SpotInstanceRequestId: ids.default([]),
      Filter: filtersSchema,
      MaxResults: pageSize(5),
      NextToken: z.string().optional(),
    }),
    input,
  );
  const matching = applyFilters(findSpotRequests(region, SpotInstanceRequestId), Filter, spotFilters, ({ tags }) => tags);
  const { items, nextToken } = pageOf(matching, 'spot-requests', MaxResults, NextToken);
  const instances = new Map(region.reservations().flatMap((each) => each.instances.map((one) => [one.id, one] as const)));
  return {
    spotInstanceRequestSet: items.map((request) => {
      const instance = instances.get(request.instanceId);
      return presentSpotRequest(request, instance, instance ? onDemandUsdPerHour(instance.type, name) : 0);
    }),
    nextToken,
  };
};

const cancelSpotInstanceRequests = (region: Ec2Region, input: unknown): Members => {
  const { SpotInstanceRequestId } = validateEc2(z.strictObject({ SpotInstanceRequestId: ids.min(1) }), input);
  const requests = findSpotRequests(region, SpotInstanceRequestId);
  for (const request of requests) if (request.state !== 'closed') request.state = 'cancelled';
  return { spotInstanceRequestSet: requests.map(({ id, state }) => ({ spotInstanceRequestId: id, state })) };
};

const createTags = (region: Ec2Region, input: unknown): Members => {
  const { ResourceId, Tag } = validateEc2(
    z.strictObject({
      ResourceId: ids.min(1),
      Tag: z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256).default('') })).min(1),
    }),
    input,
  );
  const spotIds = ResourceId.filter((id) => id.startsWith('sir-'));
  const instanceIds = ResourceId.filter((id) => !id.startsWith('sir-'));
  const tagged = [...region.find(instanceIds), ...(spotIds.length > 0 ? findSpotRequests(region, spotIds) : [])];
  for (const { tags } of tagged) {
    for (const { Key, Value } of Tag) tags.set(Key, Value);
    if (tags.size > 50) throw ec2Error('TagLimitExceeded', 'The maximum number of tags for this resource has been reached.');
  }
  return { return: true };
};

const describeTags = (region: Ec2Region, input: unknown): Members => {
  const { Filter, MaxResults, NextToken } = validateEc2(
    z.strictObject({ Filter: filtersSchema, MaxResults: pageSize(5), NextToken: z.string().optional() }),
    input,
  );
  const rows = region
    .reservations()
    .flatMap(({ instances }) =>
      instances.flatMap(({ id, tags }) =>
        [...tags].map(([key, value]) => ({ resourceId: id, resourceType: 'instance', key, value })),
      ),
    );
  const matching = applyFilters(rows, Filter, {
    key: ({ key }) => [key],
    value: ({ value }) => [value],
    'resource-id': ({ resourceId }) => [resourceId],
    'resource-type': ({ resourceType }) => [resourceType],
  });
  const { items, nextToken } = pageOf(matching, 'tags', MaxResults, NextToken);
  return { tagSet: items, nextToken };
};

const describeAvailabilityZones = (region: Ec2Region, input: unknown, { region: name }: Call): Members => {
  const { ZoneName, Filter } = validateEc2(
    z.strictObject({
      ZoneName: z.array(z.string()).default([]),
      ZoneId: z.array(z.string()).optional(),
      Filter: filtersSchema,
      AllAvailabilityZones: z.string().optional(),
    }),
    input,
  );
  const unknown = ZoneName.find((zone) => !region.zones.includes(zone));
  if (unknown !== undefined) throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${unknown}]`);
  const zones = region.zones.filter((zone) => ZoneName.length === 0 || ZoneName.includes(zone));
  const matching = applyFilters(zones, Filter, {
    'zone-name': (zone) => [zone],
    'region-name': () => [name],
    state: () => ['available'],
    'zone-type': () => ['availability-zone'],
    'opt-in-status': () => ['opt-in-not-required'],
  });
  return {
    availabilityZoneInfo: matching.map((zone) => ({
      zoneName: zone,
      zoneId: zoneIdOf(zone),
      zoneState: 'available',
      regionName: name,
      groupName: `${name}-zg-1`,
      networkBorderGroup: name,
      zoneType: 'availability-zone',
      optInStatus: 'opt-in-not-required',
      messageSet: [],
    })),
  };
};

/** E.g. `use1-az1` for us-east-1a: direction in short, number of the region, number of the zone. */
const zoneIdOf = (zone: string): string => {
  const [area = '', direction = '', number = ''] = zone.slice(0, -1).split('-');
  const short = direction
    .replace('south', 's')
    .replace('north', 'n')
    .replace('east', 'e')
    .replace('west', 'w')
    .replace('central', 'c');
  return `${area}${short}${number}-az${zone.slice(-1).charCodeAt(0) - 'a'.charCodeAt(0) + 1}`;
};

const describeRegions = (_region: Ec2Region, input: unknown, { account }: Call): Members => {
  const { RegionName, Filter } = validateEc2(
    z.strictObject({ RegionName: z.array(z.string()).default([]), Filter: filtersSchema, AllRegions: z.string().optional() }),
    input,
  );
  const unknown = RegionName.find((name) => !account.regions.includes(name));
  if (unknown !== undefined) throw ec2Error('InvalidParameterValue', `Invalid region: [${unknown}]`);
  const names = account.regions.filter((name) => RegionName.length === 0 || RegionName.includes(name));
  const matching = applyFilters(names, Filter, {
    'region-name': (name) => [name],
    endpoint: (name) => [`ec2.${name}.amazonaws.com`],
    'opt-in-status': () => ['opt-in-not-required'],
  });
  return {
    regionInfo: matching.map((name) => ({
      regionName: name,
      regionEndpoint: `ec2.${name}.amazonaws.com`,
      optInStatus: 'opt-in-not-required',
    })),
  };
};

/** An operation of one region, after `DryRun` has been seen to: it asks whether the caller may, and no more. */
const inRegion = (
  run: (region: Ec2Region, input: unknown, call: Call) => Members,
  resource: string | ((input: Readonly<Record<string, unknown>>) => string) = '*',
): Operation => ({
  resourceOf: (input, { region }) => {
    const kind = typeof resource === 'string' ? resource : resource(input);
    return kind === '*' ? '*' : `arn:aws:ec2:${region}:${ACCOUNT_ID}:${kind}`;
  },
  run: ({ DryRun, ...input }, call) => {
    if (DryRun === 'true') {
      throw ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
    return run(call.account.ec2(call.region), input, call);
  },
});

const firstInstance = ({ InstanceId }: Readonly<Record<string, unknown>>): string =>
  `instance/${Array.isArray(InstanceId) ? String(InstanceId[0]) : '*'}`;

export const EC2_OPERATIONS: Readonly<Record<string, Operation>> = {
  RunInstances: inRegion((region, input) => {
    const reservation = runInstancesIn(region, input);
    return presentReservation(reservation, reservation.instances);
  }, 'instance/*'),
  DescribeInstances: inRegion(describeInstances),
  DescribeInstanceStatus: inRegion(describeInstanceStatus),
  TerminateInstances: inRegion(terminateInstances, firstInstance),
  StopInstances: inRegion(
    changeStates((region, instance) => region.stop(instance)),
    firstInstance,
  ),
  StartInstances: inRegion(
    changeStates((region, instance) => region.start(instance)),
    firstInstance,
  ),
  DescribeSpotPriceHistory: inRegion(describeSpotPriceHistory),
  DescribeSpotInstanceRequests: inRegion(describeSpotInstanceRequests),
  CancelSpotInstanceRequests: inRegion(cancelSpotInstanceRequests, 'spot-instances-request/*'),
  CreateTags: inRegion(createTags, 'instance/*'),
  DescribeTags: inRegion(describeTags),
  DescribeAvailabilityZones: inRegion(describeAvailabilityZones),
  DescribeRegions: inRegion(describeRegions),
  DescribeInstanceTypes: inRegion(describeInstanceTypes),
};
