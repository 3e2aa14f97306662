import { accountLinks } from '../../harness/emulators/endpoints.ts';
import { SquallError } from '../../harness/errors.ts';
import { nearestNames } from '../../harness/nearest-names.ts';
import type { ServiceLink } from '../../harness/topology/link.ts';
import { type Cloud, type CloudCommand, type CloudDefinition, openCloud } from '../../mocks/cloud/cloud.ts';
import type { CloudName } from '../../mocks/cloud/service.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { trueLinkTo } from './links.ts';
import type { Destination } from './routes.ts';
import { createTestLink, type TestLink } from './test-link.ts';

/** A service's endpoint in a region, reached through a link. */
export interface OpenEndpoint extends Destination, TestLink {
  /** The service's true host names there. */
  readonly hosts: readonly string[];
}

/** Clouds that answer, each with an account of its own. */
export interface OpenClouds {
  readonly clouds: ReadonlyMap<CloudName, Cloud>;
  readonly endpoints: readonly OpenEndpoint[];
  /** All that faults act on. */
  readonly links: readonly ServiceLink[];
  /** Carries a command out before any request that comes later is answered. Rejects with a `TypeError` for what the cloud lacks. */
  control(cloud: CloudName, command: CloudCommand): Promise<void>;
}

export interface OpenCloudsOptions {
  readonly definitions: readonly CloudDefinition[];
  /** By cloud; a cloud that is not named has its own choice. */
  readonly regions: Readonly<Partial<Record<CloudName, readonly string[]>>>;
  readonly models: ModelRuntime;
  readonly seed: number;
}

/**
 * The definitions of these clouds.
 * @throws {SquallError} `NOT_FOUND` for a cloud that squall does not emulate
 */
export const chooseClouds = (all: readonly CloudDefinition[], names: readonly CloudName[]): readonly CloudDefinition[] =>
  names.map((name) => {
    const found = all.find(({ cloud }) => cloud === name);
    if (found) return found;
    const known = all.map(({ cloud }) => cloud);
    throw new SquallError(
      'NOT_FOUND',
      `No cloud is called "${name}".${nearestNames(name, known)}`,
      `Clouds: ${known.join(', ')}.`,
    );
  });

/** Opens an account at each of the clouds. */
export const openClouds = async ({ definitions, regions, models, seed }: OpenCloudsOptions): Promise<OpenClouds> => {
  const opened = await Promise.all(
    definitions.map((definition) => openCloud(definition, { models }, regions[definition.cloud] ?? definition.regions)),
  );
  const clouds = new Map(opened.map((one) => [one.cloud, one]));
  /** When all that a cloud was told is done. */
  const settled = new Map<CloudName, Promise<void>>();

  const endpoints = opened.flatMap(({ cloud, endpoints }) =>
    endpoints.map((endpoint): OpenEndpoint => {
      const handler = async (request: Request) => {
        await settled.get(cloud);
        return endpoint.fetch(request);
      };
      const link = createTestLink({ link: trueLinkTo(endpoint), handler, seed });
      return { ...link, spec: endpoint.spec, region: endpoint.region, hosts: endpoint.spec.hosts(endpoint.region) };
    }),
  );

  return {
    clouds,
    endpoints,
    links: [...endpoints.map(({ link }) => link), ...opened.flatMap(accountLinks)],
    control(cloud, command) {
      const account = clouds.get(cloud)?.account;
      if (!account) return Promise.reject(new TypeError(`${cloud} is not set up`));
      const done = Promise.resolve(settled.get(cloud)).then(() => account.control(command));
      settled.set(
        cloud,
        done.catch(() => undefined),
      );
      return done;
    },
  };
};
