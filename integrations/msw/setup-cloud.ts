import type { HttpHandler } from 'msw';
import { SquallError } from '../../harness/errors.ts';
import { type CloudCommand, type CloudDefinition, GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { CloudName } from '../../mocks/cloud/service.ts';
import { clouds as allClouds } from '../../mocks/clouds.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import type { CloudCredentials } from './credentials.ts';
import { createFaultDesk, type InjectedFault } from './fault-desk.ts';
import type { FaultInput } from './fault-input.ts';
import { createHandlers } from './handlers.ts';
import { loadModels } from './models.ts';
import { chooseClouds, openClouds } from './open-clouds.ts';

export interface SetupCloudOptions<Name extends CloudName = CloudName> {
  /** All that squall emulates when left out. */
  readonly clouds?: readonly Name[];
  /** Where their services stand, by the clouds' own names of regions; at least two of each cloud when left out. */
  readonly regions?: Readonly<Partial<Record<Name, readonly string[]>>>;
  /** Of the draws of faults, 0..2^32-1; 1 when left out. */
  readonly seed?: number;
}

/** A service that answers. */
export interface TestEndpoint {
  /** What fault targets match, e.g. `aws/us-east-1/sagemaker-runtime`. */
  readonly link: string;
  /** The true names that it answers under. */
  readonly hosts: readonly string[];
}

/** Emulated clouds behind msw. */
export interface TestCloud<Name extends CloudName = CloudName> {
  /** For `setupServer(...cloud.handlers)`. They stay the same when the clouds are reset. */
  readonly handlers: HttpHandler[];
  /** What the workload signs in with at each cloud, as of now: a rotation and a reset give others. Secret, though it opens nothing but this. */
  readonly credentials: Pick<CloudCredentials, Name>;
  readonly endpoints: readonly TestEndpoint[];
  /** Environment variables by which the cloud's own SDKs find credential and endpoints. */
  environment(cloud: Name): Readonly<Record<string, string>>;
  /**
   * Puts a fault on, at once, until it is lifted.
   * @throws {SquallError} `BAD_SCENARIO` for settings or a target that can't be
   */
  inject(fault: FaultInput): InjectedFault;
  /** Lifts every fault; accounts and what is in them stay. */
  liftAll(): Promise<void>;
  /** Tells a cloud's account by hand what fault kinds tell it, e.g. to take a permission, with no fault to lift. Rejects with a `TypeError` for what the cloud lacks. */
  control(cloud: Name, command: CloudCommand): Promise<void>;
  /** Lifts every fault, and opens fresh accounts with fresh credentials: nothing of the tests before is left. */
  reset(): Promise<void>;
}

const DEFAULT_SEED = 1;

type Regions = Readonly<Partial<Record<CloudName, readonly string[]>>>;

const checkRegions = (regions: Regions, names: readonly CloudName[]) => {
  for (const [cloud, list] of Object.entries(regions)) {
    if (!names.some((name) => name === cloud)) {
      throw new SquallError('NOT_FOUND', `regions: ${cloud} is not among the clouds that are set up: ${names.join(', ')}.`);
    }
    if (list.length === 0) throw new SquallError('BAD_SCENARIO', `regions.${cloud}: expected at least one region.`);
  }
};

/** @param source what `setupCloud` takes from the package */
export const setUpCloudFrom = async <Name extends CloudName>(
  source: { readonly clouds: readonly CloudDefinition[]; readonly loadModels: () => Promise<ModelRuntime> },
  options: SetupCloudOptions<Name>,
): Promise<TestCloud<Name>> => {
  const names: readonly CloudName[] = options.clouds ?? source.clouds.map(({ cloud }) => cloud);
  const regions: Regions = options.regions ?? {};
  const definitions = chooseClouds(source.clouds, names);
  checkRegions(regions, names);
  const models = await source.loadModels();

  const start = async () => {
    const clouds = await openClouds({ definitions, regions, models, seed: options.seed ?? DEFAULT_SEED });
    return { clouds, desk: createFaultDesk(clouds) };
  };
  let { clouds, desk } = await start();

  const openCloudOf = (cloud: CloudName) => {
    const found = clouds.clouds.get(cloud);
    if (!found) throw new SquallError('NOT_FOUND', `${cloud} is not set up.`, `Clouds that are: ${names.join(', ')}.`);
    return found;
  };
  const hostsOf = () => [...new Set(clouds.endpoints.flatMap(({ hosts }) => hosts))];

  return {
    handlers: [...createHandlers(hostsOf(), (host) => clouds.endpoints.filter(({ hosts }) => hosts.includes(host)))],
    credentials: Object.defineProperties(
      {},
      Object.fromEntries(names.map((name) => [name, { enumerable: true, get: () => openCloudOf(name).account.credential }])),
    ) as Pick<CloudCredentials, Name>,
    endpoints: clouds.endpoints.map(({ link, hosts }) => ({ link: link.id, hosts })),
    environment: (cloud) =>
      openCloudOf(cloud).environment((service, region) => {
        const endpoint = clouds.endpoints.find(
          ({ link }) => link.provider === cloud && link.service === service && (link.region === region || link.region === GLOBAL),
        );
        if (!endpoint) throw new TypeError(`${cloud} has no endpoint ${region}/${service}`);
        return `${endpoint.link.isTls ? 'https' : 'http'}://${endpoint.hosts[0]}`;
      }),
    inject: (fault) => desk.inject(fault),
    liftAll: () => desk.liftAll(),
    control: (cloud, command) => clouds.control(cloud, command),
    async reset() {
      await desk.liftAll();
      ({ clouds, desk } = await start());
    },
  };
};

/**
 * Emulated clouds for a test, reached through msw under the providers' true host names: official SDKs as they are, no endpoint overridden,
 * no sockets.
 * @throws {SquallError} `NOT_FOUND` for a cloud that squall does not emulate
 */
export const setupCloud = <const Name extends CloudName = CloudName>(
  options: SetupCloudOptions<Name> = {},
): Promise<TestCloud<Name>> => setUpCloudFrom({ clouds: allClouds, loadModels }, options);
