import { randomUUID } from 'node:crypto';
import type { GenericContainer, InspectResult } from 'testcontainers';
import { freePort } from '../wire/free-port.ts';
import { containerHandle, type RunningContainer } from './container.ts';
import { missingImage } from './image.ts';
import { createLogLines, followContainer, type LogLines } from './log-lines.ts';
import { containerProblem, engineStatusOf } from './problem.ts';
import { readinessOf, untilEnded } from './readiness.ts';
import type { ContainerSpec, ReadyWhen } from './spec.ts';
import { loadTestcontainers } from './testcontainers.ts';
import type { UnderWay } from './under-way.ts';

/** A kind of container of testcontainers, e.g. `LocalstackContainer`. */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript asks of a class that is extended
export type ContainerKind = new (...image: any[]) => GenericContainer;

/** How often a start is tried when somebody took a port between its choice and its use. */
const PORT_TRIES = 4;
const LOOPBACK = '127.0.0.1';
const NOT_FOUND = 404;
const BYTES_PER_MB = 1024 ** 2;

/** Testcontainers binds ports on all addresses; squall's are for this machine alone. */
const onLoopback = (
  kind: ContainerKind,
  { onCreated, onStarted }: { onCreated(): void; onStarted(): Promise<void> },
): ContainerKind =>
  class extends kind {
    protected override async beforeContainerCreated(): Promise<void> {
      await super.beforeContainerCreated?.();
      for (const bindings of Object.values(this.hostConfig.PortBindings ?? {}) as { HostIp?: string }[][])
        for (const binding of bindings) binding.HostIp = LOOPBACK;
      if (this.hostConfig.Memory) this.hostConfig.MemorySwap = this.hostConfig.Memory;
    }

    protected override async containerCreated(id: string): Promise<void> {
      await super.containerCreated?.(id);
      onCreated();
    }

    protected override async containerStarting(found: InspectResult, isReused: boolean): Promise<void> {
      await super.containerStarting?.(found, isReused);
      await onStarted();
    }
  };

const describe = (kind: ContainerKind, spec: ContainerSpec, hostPorts: ReadonlyMap<number, number>): GenericContainer => {
  // The reaper of squall removes it (reaper.ts): testcontainers' own needs an image that must be pulled.
  const container = new kind(spec.image).withAutoCleanup(false);
  if (spec.entrypoint) container.withEntrypoint([...spec.entrypoint]);
  if (spec.command) container.withCommand([...spec.command]);
  if (spec.environment) container.withEnvironment(spec.environment);
  if (spec.network) container.withNetworkMode(spec.network);
  if (spec.aliases) container.withNetworkAliases(...spec.aliases);
  if (spec.hosts) container.withExtraHosts(Object.entries(spec.hosts).map(([host, ipAddress]) => ({ host, ipAddress })));
  if (spec.files)
    container.withCopyContentToContainer(Object.entries(spec.files).map(([target, content]) => ({ target, content })));
  if (spec.mounts) container.withBindMounts(spec.mounts.map((mount) => ({ ...mount })));
  container.withExposedPorts(...[...hostPorts].map(([port, host]) => ({ container: port, host })));
  return container.withResourcesQuota({
    ...(spec.cpus === undefined ? {} : { cpu: spec.cpus }),
    ...(spec.memoryMb === undefined ? {} : { memory: (spec.memoryMb * BYTES_PER_MB) / 1024 ** 3 }),
  });
};

const isPortTaken = (error: unknown): boolean =>
  /port is already allocated|address already in use/.test(String((error as Error)?.message));

/**
 * Starts a container and resolves when it is ready; one that does not get ready is removed.
 * @param ownership labels of the run that it belongs to
 * @param underWay is told of it while it is being created
 * @param loadKind the class of testcontainers that knows more of the image than the spec says; default GenericContainer
 * @throws {SquallError} `NOT_FOUND` when the image is not there; `CONTAINER_FAILED` with the container's last lines when it ends or takes too
 *   long; `NO_DOCKER` when the engine is gone
 */
export const startContainer = async (
  spec: ContainerSpec,
  ownership: Readonly<Record<string, string>>,
  underWay: UnderWay,
  loadKind?: () => Promise<ContainerKind>,
): Promise<RunningContainer> => {
  const testcontainers = await loadTestcontainers();
  const kind = loadKind ? await loadKind() : testcontainers.GenericContainer;
  const failed = (error: unknown) => containerProblem(`The container ${spec.image} can't be started`, error);
  const client = await testcontainers.getContainerRuntimeClient().catch((error: unknown) => {
    throw failed(error);
  });
  const { dockerode } = client.container;
  const [image, machine] = await Promise.all([dockerode.getImage(spec.image).inspect(), dockerode.info()]).catch(
    (error: unknown) => {
      if (engineStatusOf(error) !== NOT_FOUND) throw failed(error);
      throw missingImage(spec.image);
    },
  );
  const hasHealthCheck = (image.Config as { Healthcheck?: { Test?: string[] } }).Healthcheck?.Test?.some(
    (word) => word !== 'NONE',
  );
  const readyWhen: ReadyWhen = spec.readyWhen ?? { type: hasHealthCheck ? 'healthy' : 'port' };

  for (let tries = 1; ; tries += 1) {
    // Chosen here, as one of the engine's choice would be another after each restart.
    const hostPorts = new Map(await Promise.all((spec.ports ?? []).map(async (port) => [port, await freePort()] as const)));
    const log: LogLines = createLogLines();
    const readiness = readinessOf(testcontainers, spec, readyWhen, log);
    const name = `squall-${(spec.name ?? spec.image).replace(/:.*/, '').replaceAll(/[^a-z0-9]+/g, '-')}-${randomUUID().slice(0, 8)}`;
    const { promise: ended, reject } = Promise.withResolvers<never>();
    ended.catch(() => undefined);
    const done = new AbortController();
    const isThere = underWay.begin();
    const named = client.container.getById(name);
    const life = {
      onCreated() {
        isThere();
        untilEnded(named, 'next-exit', log, spec.image, done.signal).catch((error) => done.signal.aborted || reject(error));
      },
      onStarted() {
        // From here on it is the readiness that watches it; what does not get ready is ended by testcontainers.
        done.abort();
        return followContainer(log, named);
      },
    };
    const container = describe(onLoopback(kind, life), spec, hostPorts)
      .withName(name)
      .withLabels(ownership)
      .withWaitStrategy(readiness);
    try {
      const started = await Promise.race([container.start(), ended]);
      const boundPorts = new testcontainers.BoundPorts();
      for (const [port, host] of hostPorts) boundPorts.setBinding(port, host);
      const engine = client.container.getById(started.getId());
      const whole = { cpus: machine.NCPU as number, memoryBytes: machine.MemTotal as number };
      return containerHandle({ spec, engine, hostPorts, boundPorts, readiness, log, machine: whole });
    } catch (error) {
      log.close();
      // Testcontainers removes one that does not get ready, but not one that does not start.
      await named.remove({ force: true, v: true }).catch(() => undefined);
      if (!isPortTaken(error) || tries === PORT_TRIES) throw failed(error);
    } finally {
      isThere();
      done.abort();
    }
  }
};
