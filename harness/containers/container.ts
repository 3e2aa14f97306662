import type { BoundPorts, WaitStrategy } from 'testcontainers';
import { SquallError } from '../errors.ts';
import { followContainer, type LineListener, type LogLines } from './log-lines.ts';
import { containerProblem, engineStatusOf } from './problem.ts';
import type { ContainerLimits, ContainerSpec } from './spec.ts';
import type { EngineContainer } from './testcontainers.ts';

/** A container that squall started. Its calls throw `CONTAINER_FAILED` with the engine's words, or `NO_DOCKER` when the engine is gone. */
export interface RunningContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  /**
   * The port of this machine's loopback (127.0.0.1) that leads to a port of the container; stays the same over `restart`.
   * @throws when the spec does not name the port
   */
  hostPort(containerPort: number): number;
  /** Hears what the container printed, the last thousand lines of it, and each line that it prints; whether to `out` or `err`. @returns stops it */
  onLine(listener: LineListener): () => void;
  /** What it printed last. */
  lastLines(count: number): readonly string[];
  /** Freezes all of its processes: connections stay, nothing answers. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** SIGKILL at once; `start` brings it back with its files. */
  kill(): Promise<void>;
  /** Asks it to end, and kills it after so long. @param withinMs milliseconds, rounded up to seconds; default 10 000 */
  stop(withinMs?: number): Promise<void>;
  /** Starts it again after `kill` or `stop`, and resolves when it is ready. */
  start(): Promise<void>;
  /** `kill` and `start`. */
  restart(): Promise<void>;
  /**
   * Sets what it may use; what is absent is without a limit. Of one that runs and uses more memory, cgroup v2 ends a process; cgroup v1 refuses the limit.
   * @returns in the second case what it uses, mebibytes, and nothing is set
   */
  limit(limits: ContainerLimits): Promise<number | undefined>;
  /** Back to how it was started: running, not paused, with the limits of its spec. */
  restore(): Promise<void>;
  /** Whether its processes are there, paused or not; `false` too when the container is gone. */
  isRunning(): Promise<boolean>;
  /**
   * Resolves with its exit code when it does not run, at once where it does not now. It tells of an end that nobody asked for: a kill is one too.
   * @param signal gives up waiting, by a rejection
   */
  ended(signal?: AbortSignal): Promise<number>;
  /** Kills it, and removes it with its files. */
  remove(): Promise<void>;
}

/** What a handle works on. */
export interface ContainerParts {
  readonly spec: ContainerSpec;
  readonly engine: EngineContainer;
  readonly hostPorts: ReadonlyMap<number, number>;
  readonly boundPorts: BoundPorts;
  readonly readiness: WaitStrategy;
  readonly log: LogLines;
  /** All processors and memory of the engine's machine: what no limit is. */
  readonly machine: { readonly cpus: number; readonly memoryBytes: number };
}

const NOT_MODIFIED = 304;
const CONFLICT = 409;
const NOT_FOUND = 404;
const BYTES_PER_MB = 1024 ** 2;

export const containerHandle = (parts: ContainerParts): RunningContainer => {
  const { spec, engine, hostPorts, readiness, log } = parts;
  /** @param ignored statuses by which the engine says that there is nothing to do */
  const ask = async <Result>(verb: string, work: () => Promise<Result>, ...ignored: number[]): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (ignored.includes(engineStatusOf(error) ?? 0)) return undefined;
      throw containerProblem(`The container ${spec.image} can't be ${verb}`, error);
    }
  };
  const state = async () => (await ask('looked at', () => engine.inspect(), NOT_FOUND))?.State;

  /** What it uses; undefined when it does not run, or the engine does not say. */
  const memoryBytes = async (): Promise<number | undefined> => {
    const stats = await engine.stats({ stream: false, 'one-shot': true }).catch(() => undefined);
    return stats?.memory_stats?.usage;
  };

  let isLimited = false;
  const handle: RunningContainer = {
    id: engine.id,
    spec,
    hostPort(containerPort) {
      const port = hostPorts.get(containerPort);
      if (port === undefined) throw new Error(`port ${containerPort} of ${spec.image} is not in its spec`);
      return port;
    },
    onLine: log.onLine,
    lastLines: log.last,
    async pause() {
      await ask('paused', () => engine.pause());
    },
    async unpause() {
      await ask('unpaused', () => engine.unpause());
    },
    // One that does not run can't be killed (409) and needs no stop (304).
    async kill() {
      await ask('killed', () => engine.kill(), CONFLICT);
      // Killed is when the engine knows it: one that is started before is not.
      await ask('waited for', () => engine.wait(), NOT_FOUND);
    },
    async stop(withinMs = 10_000) {
      await ask('stopped', () => engine.stop({ t: Math.ceil(withinMs / 1000) }), NOT_MODIFIED);
    },
    async start() {
      const before = await state();
      if (before?.Running) return;
      await ask('started', () => engine.start(), NOT_MODIFIED);
      // By the engine's clock, and before anything that it prints from now on.
      const since = new Date(Date.parse(before?.FinishedAt ?? '') + 1);
      await ask('listened to', () => followContainer(log, engine, since));
      await readiness.waitUntilReady(engine, parts.boundPorts, since);
    },
    async restart() {
      await handle.kill();
      await handle.start();
    },
    async limit({ cpus, memoryMb }) {
      isLimited = true;
      const memory = memoryMb === undefined ? parts.machine.memoryBytes : memoryMb * BYTES_PER_MB;
      const usedBytes = await ask('limited', async () => {
        try {
          // The engine takes 0 for "as it is", so that no limit is all of the machine.
          await engine.update({ NanoCpus: Math.round((cpus ?? parts.machine.cpus) * 1e9), Memory: memory, MemorySwap: memory });
          return undefined;
        } catch (error) {
          const used = await memoryBytes();
          if (used === undefined || used <= memory) throw error;
          return used;
        }
      });
      return usedBytes === undefined ? undefined : usedBytes / BYTES_PER_MB;
    },
    async restore() {
      const found = await state();
      if (found?.Paused) await handle.unpause();
      // With what it had before it starts: it may not fit into less.
      const usedMb = isLimited ? await handle.limit(spec) : undefined;
      if (usedMb !== undefined)
        throw new SquallError(
          'CONTAINER_FAILED',
          `The container ${spec.image} can't have its limits back: it uses ${Math.ceil(usedMb)} MiB.`,
        );
      if (!found?.Running) await handle.start();
    },
    async isRunning() {
      return (await state())?.Running ?? false;
    },
    async ended(signal) {
      const abort = signal === undefined ? {} : { abortSignal: signal };
      const found = await ask('waited for', () => engine.wait({ condition: 'not-running', ...abort }));
      return (found as { StatusCode: number }).StatusCode;
    },
    async remove() {
      await ask('removed', () => engine.remove({ force: true, v: true }), NOT_FOUND, CONFLICT);
      log.close();
    },
  };
  return handle;
};
