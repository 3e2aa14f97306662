import { vi } from 'vitest';
import { createRandom } from '../../harness/random.ts';
import { referenceDesign } from '../../harness/serving/design/reference.ts';
import { createRegistryClient, type RegistryClient } from '../../harness/serving/registry/client.ts';
import type { Seed } from '../../harness/serving/registry/life.ts';
import { createRegistryNode, type RegistryCommand, type RegistryNode } from '../../harness/serving/registry/node.ts';
import { PEER_HEADER, type RegistryAddress } from '../../harness/serving/registry/peers.ts';
import type { RegistryPolicy } from '../../harness/serving/registry/policy.ts';
import { createMemoryBackup, createMemoryStore, type RegistryStore } from '../../harness/serving/registry/store.ts';

export const TOKEN = 'registry-token';
export const REGIONS = ['us-east', 'us-west', 'europe-west'] as const;

/** What tests publish: bytes that say what they are. */
export const artifactOf = (text: string): Uint8Array => new TextEncoder().encode(`artifact ${text} `.repeat(20));

const seed: Seed = { model: 'digits-small', alias: 'production', bytes: async () => artifactOf('seed') };

interface Machine {
  readonly store: RegistryStore;
  node: RegistryNode | undefined;
  /** Cuts the present process off from everything. */
  crash: () => void;
}

/** A registry on a network of its own in virtual time; vi's fake timers have to be on. */
export interface RegistryCluster {
  readonly events: readonly string[];
  readonly backup: ReturnType<typeof createMemoryBackup>;
  store(region: string): RegistryStore;
  /** A client that stands in the region. */
  client(region: string, policy?: Partial<RegistryPolicy>): RegistryClient;
  /** Nodes on different sides do not hear of each other; clients reach all. */
  partition(side: readonly string[]): void;
  heal(): void;
  /** Nobody reaches it, neither nodes nor clients, nor does it reach anybody. */
  isolate(region: string): void;
  /** Nobody reaches it; it reaches everybody, and hears what they answer. */
  deafen(region: string): void;
  kill(region: string): void;
  restart(region: string): Promise<void>;
  command(region: string, command: RegistryCommand): Promise<void>;
  /** Reaches the nodes, as a client does. */
  readonly fetch: typeof globalThis.fetch;
  /** Sends a message of another node. */
  ask(region: string, path: string, message: object): Promise<Record<string, unknown>>;
  status(
    region: string,
  ): Promise<{ readonly role: string; readonly epoch: number; readonly mayWrite: boolean; lastIndex: number }>;
  /** Lets the clock run until the work is done. */
  run<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets the clock run. */
  wait(ms: number): Promise<void>;
  stop(): void;
}

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

interface ClusterOptions {
  readonly randomSeed?: number;
  readonly regions?: readonly string[];
  /** When a node's process comes up, for those that are not there from the start. */
  readonly bootAtMs?: Readonly<Record<string, number>>;
}

export const startCluster = async (
  policy: Partial<RegistryPolicy> = {},
  { randomSeed = 1, regions = REGIONS as readonly string[], bootAtMs = {} }: ClusterOptions = {},
): Promise<RegistryCluster> => {
  const random = createRandom(randomSeed);
  vi.spyOn(Math, 'random').mockImplementation(random);
  const whole: RegistryPolicy = { ...referenceDesign.registry, ...policy };
  const addresses: readonly RegistryAddress[] = regions.map((region) => ({ region, origin: `http://${region}.test` }));
  const backup = createMemoryBackup();
  const events: string[] = [];
  let side: readonly string[] | undefined;
  let isolated: string | undefined;
  let deaf: string | undefined;

  const machines = new Map<string, Machine>();

  const isCut = (from: string | null, to: string): boolean => {
    if (isolated !== undefined && (from === isolated || to === isolated)) return true;
    return side !== undefined && from !== null && side.includes(from) !== side.includes(to);
  };

  const travel = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1 + random() * 20));

  /** @param region where the caller stands; null is a client, whom no partition of the nodes concerns */
  const network = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input as string, init);
    const to = new URL(request.url).hostname.replace('.test', '');
    const from = request.headers.get(PEER_HEADER);
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal!.reason));
    });
    const exchange = async (): Promise<Response> => {
      await travel();
      if (isCut(from, to) || to === deaf) return never();
      const machine = machines.get(to)!;
      if (!machine.node) throw new TypeError('fetch failed');
      const response = await machine.node.fetch(request);
      await travel();
      if (isCut(from, to) || !machine.node) return never();
      return response;
    };
    const answer = exchange();
    answer.catch(() => undefined);
    aborted.catch(() => undefined);
    return Promise.race([answer, aborted]);
  };

  const boot = async (region: string) => {
    const machine = machines.get(region)!;
    let isDead = false;
    machine.crash = () => {
      isDead = true;
    };
    const guarded: RegistryStore = new Proxy(machine.store, {
      get: (target, key: keyof RegistryStore) =>
        isDead ? never : (...args: readonly unknown[]) => (target[key] as (...all: readonly unknown[]) => unknown)(...args),
    });
    const node = createRegistryNode(
      { region, nodes: addresses, policy: whole, token: TOKEN },
      {
        store: guarded,
        backup,
        seed,
        fetch: (...args) => (isDead ? never() : network(...args)),
        onEvent: (text) => events.push(text),
      },
    );
    machine.node = node;
    await node.start();
  };

  for (const region of regions) machines.set(region, { store: createMemoryStore(), node: undefined, crash: () => undefined });
  for (const region of regions) {
    if (bootAtMs[region]) setTimeout(() => void boot(region), bootAtMs[region]);
    else await boot(region);
  }

  const cluster: RegistryCluster = {
    events,
    backup,
    fetch: network as typeof fetch,
    store: (region) => machines.get(region)!.store,
    client: (region, own = {}) =>
      createRegistryClient({
        nodes: [...addresses].sort((a, b) => Number(b.region === region) - Number(a.region === region)),
        policy: { ...whole, ...own },
        token: TOKEN,
        fetch: network as typeof fetch,
      }),
    partition(cut) {
      side = cut;
    },
    heal() {
      side = undefined;
      isolated = undefined;
      deaf = undefined;
    },
    isolate(region) {
      isolated = region;
    },
    deafen(region) {
      deaf = region;
    },
    kill(region) {
      const machine = machines.get(region)!;
      machine.crash();
      machine.node?.stop();
      machine.node = undefined;
    },
    restart: boot,
    command: async (region, command) => machines.get(region)!.node?.control(command),
    async ask(region, path, message) {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const request = new Request(`http://${region}.test${path}`, { method: 'POST', body: JSON.stringify(message), headers });
      return (await (await machines.get(region)!.node!.fetch(request)).json()) as Record<string, unknown>;
    },
    async status(region) {
      const response = await machines.get(region)!.node!.fetch(new Request(`http://${region}.test/v1/status`));
      return (await response.json()) as Awaited<ReturnType<RegistryCluster['status']>>;
    },
    async run(work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      done.catch(() => undefined);
      for (let waitedMs = 0; !isDone && waitedMs < 60_000; waitedMs += 10) await vi.advanceTimersByTimeAsync(10);
      if (!isDone) throw new Error('not done within a minute');
      return done;
    },
    wait: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    stop() {
      for (const region of regions) this.kill(region);
    },
  };
  await cluster.wait(whole.leaseMs);
  return cluster;
};
