import type { FetchHandler } from '../../../mocks/emulator.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import type { GatewayConfig } from '../config.ts';
import type { Observe } from '../observation.ts';
import type { BrokerSettings, ConnectedBroker } from '../queue/job-queue.ts';
import type { NodeStores } from './stores.ts';

/**
 * A node is one process of the serving stack beside the gateway: a queue, a worker, a registry. The live world runs each in a child process,
 * the simulated one beside the gateway; either can kill it at any moment and start it again with what its stores have kept.
 */
export interface NodeInstance {
  /** Answers at the node's link; absent for a node that nobody calls. */
  readonly fetch?: FetchHandler;
  /** Ready when it resolves: what it does by itself goes on from here. */
  start(): Promise<void>;
  /** Ends all that it does by itself, at once and without a last word: what is under way is dropped. */
  stop(): void;
  /** Something is done to it from outside, by a fault. Rejects with a `TypeError` for a command that it does not know. */
  command?(command: NodeCommand): Promise<void>;
  /** What it holds when the run ends, for the verdict; plain data. */
  audit?(): Promise<unknown>;
}

/** What a fault tells a node; plain data. Each kind of node says which it knows. */
export interface NodeCommand {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** Something that a node has seen, for the verdict; plain data. `type` says what else is in it. */
export interface NodeRecord {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** Where a node that can be reached is. */
export interface NodeAddress {
  /** Id of its link, e.g. `stack/us-east/queue`. */
  readonly id: string;
  readonly kind: string;
  /** E.g. `us-east`. */
  readonly region: string;
  /** E.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  /** Round trip from the gateway, milliseconds. */
  readonly rttMs: number;
}

/** What a node is told. Plain data: it crosses a process boundary. Contains secrets. */
export interface NodeConfig {
  /** Id of its link, e.g. `stack/us-east/worker-1`. */
  readonly id: string;
  readonly kind: string;
  /** E.g. `us-east`. */
  readonly region: string;
  /** Links, design and the addresses of all nodes, as the gateway has them. */
  readonly stack: GatewayConfig;
  /** What its kind is told of the scenario. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a world brings that the web platform does not. */
export interface NodeDependencies {
  readonly models: ModelRuntime;
  /** What outlives the process. */
  readonly stores: NodeStores;
  /** Speaks to brokers that are programs of somebody else's; left out: the world has none. */
  readonly connectBroker?: (settings: BrokerSettings) => ConnectedBroker;
  /** For calls to other nodes: nothing comes back from it once the node is killed. */
  readonly fetch: typeof globalThis.fetch;
  /** Hears in words what the node did; a few a second at most, and no secrets. */
  readonly onEvent: (text: string) => void;
  /** Hears what the verdict counts. */
  readonly onRecord: (record: NodeRecord) => void;
  readonly onObservation?: Observe;
}

/** A kind of node: all that is known of it but where it stands. */
export interface NodeKind {
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  /** Whether it answers requests: then its link carries them, and faults on links can touch it. */
  readonly isService: boolean;
  create(config: NodeConfig, dependencies: NodeDependencies): NodeInstance | Promise<NodeInstance>;
}
