import { type Cloud, type CloudDefinition, type CloudEndpoint, openCloud } from '../../mocks/cloud/cloud.ts';
import type { CloudName } from '../../mocks/cloud/service.ts';
import type { FetchHandler } from '../../mocks/emulator.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { issueCertificates } from '../tls/certificates.ts';
import { createLocalCa } from '../tls/local-ca.ts';
import type { ServiceLink } from '../topology/link.ts';
import { createWire, type Wire } from '../wire/wire.ts';
import { type CleanUp, createCleanUp } from '../world/live/clean-up.ts';
import { mountGrpc } from '../world/live/grpc-mount.ts';
import { mount } from '../world/live/mount.ts';
import { accountLinks, linkTo, type StandingEndpoint } from './endpoints.ts';
import { grpcFrontsOf } from './grpc-fronts.ts';

/** A cloud to put up, and the regions that its services stand in. */
export interface CloudChoice {
  readonly definition: CloudDefinition;
  readonly regions: readonly string[];
}

export interface StageOptions {
  readonly clouds: readonly CloudChoice[];
  readonly models: ModelRuntime;
  /** Port of the first endpoint, the next ones follow; left out, free ones. */
  readonly firstPort?: number;
  /** How long the CA and its certificates are good, milliseconds; a day when left out. */
  readonly certificatesForMs?: number;
  /** Draws of faults that touch a share of requests follow from it. */
  readonly seed?: number;
  /** Stands before an endpoint's handler. */
  readonly around?: (endpoint: CloudEndpoint) => FetchHandler;
  /** Something worth telling, one sentence. */
  readonly onEvent?: (text: string) => void;
  /** The wire has failed, one sentence. */
  readonly onBroken?: (text: string) => void;
}

/** The emulators alone, on loopback: each endpoint an origin of its own, with the wire before it. */
export interface Stage {
  readonly endpoints: readonly StandingEndpoint[];
  /** What faults act on: the way to each endpoint, and each cloud's account. */
  readonly links: readonly ServiceLink[];
  readonly wire: Wire;
  readonly caCertPem: string;
  cloud(name: CloudName): Cloud;
  /** Origin of an endpoint. @throws {TypeError} for one that is not there */
  originOf(cloud: CloudName, service: string, region: string): string;
  close(): Promise<void>;
}

/** Of the draws of whoever names no other. */
export const DEFAULT_SEED = 1;

/**
 * Opens the clouds with fresh accounts and puts their endpoints up. Nothing stays behind when one of them fails.
 * @throws {SquallError} `PORT_IN_USE`
 */
export const openStage = async (options: StageOptions): Promise<Stage> => {
  const cleanUp = createCleanUp();
  try {
    return await build(options, cleanUp);
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
};

const build = async (options: StageOptions, cleanUp: CleanUp): Promise<Stage> => {
  const { models, firstPort, seed = DEFAULT_SEED, around = ({ fetch }) => fetch, onEvent, onBroken } = options;
  const ca = await createLocalCa(options.certificatesForMs);
  const certificates = await issueCertificates(ca);
  const clouds = new Map<CloudName, Cloud>();
  for (const { definition, regions } of options.clouds) {
    clouds.set(definition.cloud, await openCloud(definition, { models }, regions));
  }
  const endpoints = [...clouds.values()].flatMap((cloud) => cloud.endpoints);

  const mountOne = async (endpoint: CloudEndpoint): Promise<string> => {
    const mounted = await mount(around(endpoint), { isBehindTls: endpoint.spec.needsTls });
    cleanUp.defer(mounted.close);
    return mounted.origin;
  };
  const upstreams = await Promise.all(endpoints.map(mountOne));
  const links = endpoints.map(linkTo);
  const wire = await createWire({
    links: links.map((link, index) => ({
      link,
      upstreamOrigin: upstreams[index]!,
      ...(firstPort === undefined ? {} : { port: firstPort + index }),
      ...(link.isTls ? { certificates } : {}),
      // A hand may reach for any fault.
      isFronted: true,
    })),
    seed,
    onEvent: (text) => onEvent?.(text),
    onBroken: (text) => onBroken?.(text),
  });
  cleanUp.defer(wire.close);
  for (const [name, cloud] of clouds) cloud.standAt((service, region) => wire.originOf(`${name}/${region}/${service}`));

  const tls = await ca.issue(['127.0.0.1', 'localhost']);
  const authorities = new Map<ServiceLink, string>();
  for (const [index, endpoint] of endpoints.entries()) {
    const link = links[index]!;
    const services = grpcFrontsOf(endpoint, link, wire.originOf(link.id));
    if (services.length === 0) continue;
    const port = firstPort === undefined ? {} : { port: firstPort + endpoints.length + authorities.size };
    const mounted = await mountGrpc(services, { tls, ...port });
    cleanUp.defer(mounted.close);
    authorities.set(link, mounted.authority);
  }

  return {
    endpoints: endpoints.map(({ spec, region }, index) => ({
      id: links[index]!.id,
      cloud: spec.cloud,
      region,
      service: spec.service,
      title: spec.title,
      layer: spec.layer,
      origin: wire.originOf(links[index]!.id),
      grpc: authorities.get(links[index]!) ?? null,
    })),
    links: [...links, ...[...clouds.values()].flatMap(accountLinks)],
    wire,
    caCertPem: ca.caCertPem,
    cloud(name) {
      const found = clouds.get(name);
      if (!found) throw new TypeError(`the cloud ${name} is not up`);
      return found;
    },
    originOf: (cloud, service, region) => wire.originOf(`${cloud}/${region}/${service}`),
    close: () => cleanUp.run(),
  };
};
