import { SquallError } from '../errors.ts';
import type { RunningContainer } from './container.ts';
import { engineStatus } from './engine.ts';
import { createOwner, labels } from './owner.ts';
import { containerProblem } from './problem.ts';
import { startReaper } from './reaper.ts';
import { removeByLabel } from './remove.ts';
import { type ContainerSpec, specHash } from './spec.ts';
import { type ContainerKind, startContainer } from './start.ts';
import { loadTestcontainers } from './testcontainers.ts';
import { createUnderWay } from './under-way.ts';

/** A network of a run's own. */
export interface ContainerNetwork {
  /** For `ContainerSpec.network`. */
  readonly name: string;
  /** This machine as containers on the network reach it (on Linux): what listens there is in their reach. */
  readonly gateway: string;
  /** Containers on it must be gone before. */
  remove(): Promise<void>;
}

/** All containers of one command. They are gone when it ends, whatever ends it. */
export interface Containers {
  readonly runId: string;
  /** Of whatever is made for this command by others than squall, so that it is removed too, also by a later run. */
  readonly labels: Readonly<Record<string, string>>;
  /** How many containers, networks and images of runs whose process is gone were removed at the start. */
  readonly swept: number;
  /** Starts a container; several calls at once start them side by side. Throws what `startContainer` does. */
  start(spec: ContainerSpec, loadKind?: () => Promise<ContainerKind>): Promise<RunningContainer>;
  /**
   * The container of that spec which an earlier call started, put back to how it was started (its data stays); a new one otherwise.
   * It lives until `close`, for the next scenario of the same command.
   */
  share(spec: ContainerSpec, loadKind?: () => Promise<ContainerKind>): Promise<RunningContainer>;
  network(): Promise<ContainerNetwork>;
  /**
   * Has another program create what bears a label of its own, e.g. `com.docker.compose.project=<name>`: that is removed at the end too, and is not
   * left when the end comes meanwhile.
   */
  createBy<T>(label: string, program: () => Promise<T>): Promise<T>;
  /** Removes all, and resolves when it is gone. @throws {SquallError} `CONTAINER_FAILED` when something is left */
  close(): Promise<void>;
}

/**
 * Makes ready for containers: looks for the engine, starts the reaper, removes what killed runs left.
 * @throws {SquallError} `NO_DOCKER` when no engine answers on this machine
 */
export const openContainers = async (): Promise<Containers> => {
  const status = await engineStatus();
  if (!status.available) throw new SquallError('NO_DOCKER', `Containers can't be started: ${status.reason}.`, status.remedy);
  const owner = createOwner();
  // Loading takes about as long as the reaper does.
  const ownLabel = `${labels.run}=${owner.runId}`;
  const targets = new Set([ownLabel]);
  const [reaper] = await Promise.all([startReaper(status.address, ownLabel), loadTestcontainers()]);
  const shared = new Map<string, Promise<RunningContainer>>();
  let networks = 0;
  let closed: Promise<void> | undefined;
  const underWay = createUnderWay();
  const removeAll = async () => {
    for (const label of targets) await removeByLabel(status.address, label).catch(() => undefined);
  };

  const containers: Containers = {
    runId: owner.runId,
    labels: owner.labels,
    swept: reaper.swept,
    async start(spec, loadKind) {
      return startContainer(spec, owner.labels, underWay, loadKind);
    },
    async share(spec, loadKind) {
      const key = specHash(spec);
      const earlier = shared.get(key);
      if (earlier) {
        const container = await earlier.catch(() => undefined);
        const isBack = await container?.restore().then(
          () => true,
          () => false,
        );
        if (container && isBack) return container;
        // Somebody else may have seen it before.
        if (shared.get(key) === earlier) {
          shared.delete(key);
          await container?.remove();
        }
        return containers.share(spec, loadKind);
      }
      const started = containers.start(spec, loadKind);
      shared.set(key, started);
      started.catch(() => shared.delete(key));
      return started;
    },
    async network() {
      const isThere = underWay.begin();
      networks += 1;
      const failed = (error: unknown) => {
        throw containerProblem("A network for containers can't be made", error);
      };
      const name = `squall-${owner.runId}-${networks}`;
      const create = async () => {
        const client = await (await loadTestcontainers()).getContainerRuntimeClient();
        return client.network.create({ Name: name, Driver: 'bridge', Labels: { ...owner.labels } });
      };
      const network = await create().catch(failed).finally(isThere);
      const { IPAM } = await network.inspect().catch(failed);
      return { name, gateway: IPAM?.Config?.[0]?.Gateway ?? '', remove: async () => void (await network.remove().catch(failed)) };
    },
    async createBy(label, program) {
      const isThere = underWay.begin();
      targets.add(label);
      reaper.also(label);
      return program().finally(isThere);
    },
    close() {
      closed ??= underWay.close(removeAll).then(reaper.reap);
      return closed;
    },
  };
  return containers;
};
