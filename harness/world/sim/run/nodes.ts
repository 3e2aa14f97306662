import type { FetchHandler } from '../../../../mocks/emulator.ts';
import type { ModelRuntime } from '../../../../mocks/models/runtime.ts';
import type { GatewayConfig } from '../../../serving/config.ts';
import { withoutDirectory } from '../../../serving/identity/config.ts';
import { IDENTITY } from '../../../serving/identity/node.ts';
import { nodeKinds } from '../../../serving/nodes/kinds.ts';
import type { NodeInstance, NodeKind, NodeRecord } from '../../../serving/nodes/node.ts';
import type { NodeStores } from '../../../serving/nodes/stores.ts';
import type { PlannedNode } from '../../../topology/node-placements.ts';
import type { NodeHands } from '../../live/fault-actions.ts';
import type { SimProcess } from '../process.ts';
import { type Crash, createCrash } from './crashable.ts';
import { createNodeStores } from './node-stores.ts';

/** The nodes of a simulated stack. */
export interface SimNodes extends NodeHands {
  /** What answers at a node's link; a link to one that is down refuses before it gets here. */
  handlerOf(nodeId: string): FetchHandler;
  start(stack: GatewayConfig): Promise<void>;
  stop(): void;
  audits(): Promise<Readonly<Record<string, unknown>>>;
}

export interface SimNodesOptions {
  readonly nodes: readonly PlannedNode[];
  readonly models: ModelRuntime;
  readonly onEvent: (text: string) => void;
  readonly onRecord: (nodeId: string, record: NodeRecord) => void;
  /** Makes what runs a node's code; left out: none of them can stand still. */
  readonly createProcess?: () => SimProcess;
  /** Tests bring their own. */
  readonly kinds?: Readonly<Record<string, NodeKind>>;
}

interface Hosted {
  readonly planned: PlannedNode;
  /** Lives as long as the run. */
  readonly stores: NodeStores;
  up: { readonly instance: NodeInstance; readonly crash: Crash; readonly process: SimProcess | undefined } | undefined;
}

const UNREACHED = async (): Promise<Response> => Response.json({ error: 'The node is starting.' }, { status: 503 });

export const createSimNodes = ({
  nodes,
  models,
  onEvent,
  onRecord,
  createProcess,
  kinds = nodeKinds,
}: SimNodesOptions): SimNodes => {
  const hosted = new Map(
    nodes.map((planned): [string, Hosted] => [planned.link.id, { planned, stores: createNodeStores(), up: undefined }]),
  );
  let stack: GatewayConfig | undefined;
  const hold = (nodeId: string): Hosted => {
    const found = hosted.get(nodeId);
    if (!found) throw new TypeError(`the stack has no node ${nodeId}`);
    return found;
  };

  const raise = async (one: Hosted): Promise<void> => {
    const { link, settings } = one.planned;
    const crash = createCrash();
    const process = createProcess?.();
    const within = <Result>(code: () => Result): Result => (process ? process.run(code) : code());
    const instance = await within(() =>
      kinds[link.kind]!.create(
        {
          id: link.id,
          kind: link.kind,
          region: link.region,
          stack: link.kind === IDENTITY ? stack! : withoutDirectory(stack!),
          settings,
        },
        {
          models,
          stores: crash.wrapAll(one.stores),
          fetch: crash.wrap((...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args)),
          onEvent,
          onRecord: (record) => {
            if (one.up?.crash === crash) onRecord(link.id, record);
          },
        },
      ),
    );
    one.up = { instance, crash, process };
    await within(() => instance.start());
  };

  const processOf = (nodeId: string): SimProcess => {
    const process = hold(nodeId).up?.process;
    if (!process) throw new TypeError(`the node ${nodeId} is not up, or cannot stand still`);
    return process;
  };

  const answer = (nodeId: string, request: Request): Promise<Response> => {
    const { up } = hold(nodeId);
    if (!up?.instance.fetch) return UNREACHED();
    const { instance, process } = up;
    return process ? process.enter(() => instance.fetch!(request)) : instance.fetch!(request);
  };

  return {
    handlerOf: (nodeId) => (request) => answer(nodeId, request),
    async start(config) {
      stack = config;
      await Promise.all([...hosted.values()].map(raise));
    },
    stop() {
      for (const one of hosted.values()) one.up?.instance.stop();
    },
    async kill(nodeId) {
      const one = hold(nodeId);
      const victim = one.up;
      one.up = undefined;
      victim?.crash.crash();
      victim?.process?.end();
      victim?.instance.stop();
      onEvent(`node ${nodeId} killed`);
    },
    async revive(nodeId) {
      const one = hold(nodeId);
      if (one.up) return;
      await raise(one);
      onEvent(`node ${nodeId} up again`);
    },
    async command(nodeId, command) {
      const { up } = hold(nodeId);
      if (!up) return;
      if (!up.instance.command) throw new TypeError(`the node ${nodeId} takes no commands`);
      const act = () => up.instance.command!(command);
      await (up.process ? up.process.enter(act) : act());
    },
    async pause(nodeId) {
      processOf(nodeId).pause();
      onEvent(`node ${nodeId} paused`);
    },
    async resume(nodeId) {
      processOf(nodeId).resume();
      onEvent(`node ${nodeId} goes on`);
    },
    async audits() {
      const up = [...hosted].filter(([, one]) => one.up !== undefined);
      return Object.fromEntries(await Promise.all(up.map(async ([id, one]) => [id, await one.up!.instance.audit?.()] as const)));
    },
  };
};
