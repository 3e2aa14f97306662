import { createServer } from 'node:net';
import type { Containers } from '../../containers/containers.ts';
import type { Reach } from '../sut.ts';

/** What Docker Desktop calls the machine that it runs on; elsewhere containers are told what it leads to. */
const MACHINE = 'host.docker.internal';

/** How containers come to the links of a run. */
export interface ContainerReach extends Reach {
  /** The run's network, by name. */
  readonly network: string;
  /** Names that containers must be told. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** By listening there: the list of interfaces leaves a bridge out that has no container yet. */
const isOwnAddress = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });

/**
 * Makes a network for a run. Its gateway is an address of this machine where the engine runs on it, and links listen there; an engine in a virtual
 * machine (Docker Desktop) forwards to loopback by itself.
 */
export const reachContainers = async (containers: Containers): Promise<ContainerReach> => {
  const { name, gateway } = await containers.network();
  const isHere = gateway !== '' && (await isOwnAddress(gateway));
  return {
    host: MACHINE,
    listenHosts: isHere ? [gateway] : [],
    hasTls: true,
    network: name,
    hosts: isHere ? { [MACHINE]: gateway } : {},
  };
};
