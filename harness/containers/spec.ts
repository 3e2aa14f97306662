import { createHash } from 'node:crypto';

/** When a container is ready to be used. */
export type ReadyWhen =
  /** A connection to each port is taken, and stays. */
  | { readonly type: 'port' }
  /** The path is answered with this status, 200 by default. */
  | { readonly type: 'http'; readonly port: number; readonly path: string; readonly status?: number }
  /** A line matches so many times, once by default. */
  | { readonly type: 'log'; readonly pattern: RegExp; readonly times?: number }
  /** The image's own health check says so. */
  | { readonly type: 'healthy' };

/** What of the machine a container may use; absent: all. */
export interface ContainerLimits {
  /** Processors, e.g. 0.5; at least 0.01. */
  readonly cpus?: number;
  /** Mebibytes, without swap; at least 6, Docker's least. */
  readonly memoryMb?: number;
}

/** A container to be started. */
export interface ContainerSpec extends ContainerLimits {
  /** Name and tag; it must be there already: squall pulls none. */
  readonly image: string;
  /** What it is called in its container's name, and what tells it from another of the same spec; the image when left out. */
  readonly name?: string;
  /** In place of the image's own. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** TCP ports of the container; each gets a free port of this machine's loopback, the same one after a restart. */
  readonly ports?: readonly number[];
  /** Default: the image's health check where it has one, its ports otherwise. */
  readonly readyWhen?: ReadyWhen;
  /** How long it may take to be ready, milliseconds; default 60 000. */
  readonly startupTimeoutMs?: number;
  /** What the user calls the settings of its ports and of `readyWhen`, for errors. */
  readonly settings?: { readonly port: string; readonly ready: string };
  /** A network's name (`Containers.network`), and the names that the container has there. */
  readonly network?: string;
  readonly aliases?: readonly string[];
  /** Names that the container resolves, e.g. `{ 'host.docker.internal': 'host-gateway' }`. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Files that are there before it starts: path in the container, content. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders or files of this machine, seen in the container. */
  readonly mounts?: readonly { readonly source: string; readonly target: string; readonly mode?: 'ro' | 'rw' }[];
}

export const DEFAULT_STARTUP_TIMEOUT_MS = 60_000;

/** The same for specs that say the same, whatever the order of their keys. */
export const specHash = (spec: ContainerSpec): string =>
  createHash('sha256')
    .update(
      JSON.stringify(spec, (_, value) => {
        if (value instanceof RegExp) return String(value);
        if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
        return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
      }),
    )
    .digest('hex');
