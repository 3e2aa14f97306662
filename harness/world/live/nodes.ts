import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Names } from '../../names/names.ts';
import type { GatewayConfig } from '../../serving/config.ts';
import { withoutDirectory } from '../../serving/identity/config.ts';
import { IDENTITY } from '../../serving/identity/node.ts';
import type { NodeConfig } from '../../serving/nodes/node.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';
import { brokerOf } from '../../topology/broker-placement.ts';
import type { PlannedNode } from '../../topology/node-placements.ts';
import { startBroker } from './brokers/broker-process.ts';
import { findBroker } from './brokers/find-broker.ts';
import type { NodeHands } from './fault-actions.ts';
import { type NodeProcess, startNode } from './node-process.ts';
import type { LiveRun } from './run.ts';
import type { Transport } from './transport.ts';

/** The nodes of a live run's stack, each in a process that can be killed and started again. */
export interface LiveNodes extends NodeHands {
  /** Where a node listens that answers requests: the wire's upstream. */
  readonly origins: ReadonlyMap<string, string>;
  /** Id of the first node of a kind that answers requests. */
  idOf(kind: string): string;
  /** Starts them all, and tells them of every change of names; resolves when each is ready. */
  start(stack: GatewayConfig, names: Names): Promise<void>;
  /** What each that is up holds, by the id of its link. */
  audits(): Promise<Readonly<Record<string, unknown>>>;
}

/** A node that is up, or what is left of it. */
interface Hosted {
  readonly planned: PlannedNode;
  readonly folder: string;
  port: number;
  config?: NodeConfig;
  process: NodeProcess | undefined;
  /** Settles when it goes on; absent for one that does not stand still. */
  paused?: PromiseWithResolvers<void>;
}

/** Puts the nodes' processes up, listening and not yet started: each is told of the others, who have to be there for it. */
export const listenNodes = async (
  { plan, guard, recorder, cleanUp, ending }: LiveRun,
  transport?: Transport,
): Promise<LiveNodes> => {
  const identities = new Map<string, IdentitySource>();
  const hosted = new Map<string, Hosted>();
  const origins = new Map<string, string>();
  let names: Names | undefined;
  const hold = (nodeId: string): Hosted => {
    const found = hosted.get(nodeId);
    if (!found) throw new TypeError(`the stack has no node ${nodeId}`);
    return found;
  };

  const spawn = (one: Hosted): NodeProcess => {
    const { link } = one.planned;
    const shared = { title: `The node ${link.id}`, port: one.port, folder: one.folder };
    const started = brokerOf(link)
      ? startBroker({ ...findBroker(plan)!, ...shared })
      : startNode({
          ...shared,
          kind: link.kind,
          guard,
          identity: identities.get(link.id),
          onEvent: recorder.event,
          onRecord: (record) => recorder.nodeRecord(link.id, record),
        });
    one.process = started;
    // A node that ends unasked is the stack's failing; one that was killed is no longer the one that is here.
    ending.watchSut(
      started.exited.then((exit) =>
        one.process === started ? { ...exit, text: `the node ${link.id} ${exit.text}` } : new Promise<never>(() => undefined),
      ),
    );
    return started;
  };

  const startWithNames = (one: Hosted, started: NodeProcess): Promise<void> => {
    started.setNames(names!.table);
    return started.start(one.config!);
  };

  if (plan.nodes && plan.nodes.length > 0) {
    const root = await guard.folder('squall-nodes-');
    cleanUp.defer(async () => {
      const last = [...hosted.values()].map((one) => one.process);
      for (const one of hosted.values()) one.process = undefined;
      await Promise.all(last.map((process) => process?.stop()));
    });
    for (const [index, planned] of plan.nodes.entries()) {
      const folder = join(root, String(index));
      mkdirSync(folder);
      const { link } = planned;
      const identity = await transport?.identityOf(link.id.replaceAll('/', '-'), [link]);
      if (identity) identities.set(link.id, identity);
      // What is started once the cleaning up has begun is stopped by nobody.
      if (cleanUp.hasBegun) throw new Error('The run was interrupted.');
      const one: Hosted = { planned, folder, port: 0, process: undefined };
      hosted.set(planned.link.id, one);
      spawn(one);
    }
    await Promise.all(
      [...hosted.values()].map(async (one) => {
        const { origin, port } = await one.process!.listening;
        one.port = port;
        if (one.planned.link.role !== 'process') origins.set(one.planned.link.id, origin);
      }),
    );
  }

  return {
    origins,
    idOf(kind) {
      const link = plan.nodes?.find(({ link }) => link.kind === kind)?.link;
      if (!link) throw new TypeError(`the stack has no node of kind ${kind}`);
      return link.id;
    },
    async start(stack, given) {
      names = given;
      const stopWatching = names.watch((table) => {
        for (const one of hosted.values()) one.process?.setNames(table);
      });
      cleanUp.defer(async () => stopWatching());
      await Promise.all(
        [...hosted.values()].map(async (one) => {
          const { id, kind, region } = one.planned.link;
          one.config = {
            id,
            kind,
            region,
            stack: kind === IDENTITY ? stack : withoutDirectory(stack),
            settings: one.planned.settings,
          };
          await startWithNames(one, one.process!);
        }),
      );
    },
    async kill(nodeId) {
      const one = hold(nodeId);
      const victim = one.process;
      one.process = undefined;
      one.paused?.resolve();
      delete one.paused;
      await victim?.kill();
      recorder.event(`node ${nodeId} killed`);
    },
    async revive(nodeId) {
      const one = hold(nodeId);
      if (one.process) return;
      const startedAtMs = performance.now();
      const started = spawn(one);
      await started.listening;
      await startWithNames(one, started);
      recorder.event(`node ${nodeId} up again after ${Math.round(performance.now() - startedAtMs)} ms`);
    },
    async pause(nodeId) {
      const one = hold(nodeId);
      one.paused = Promise.withResolvers();
      await one.process?.pause();
      recorder.event(`node ${nodeId} paused`);
    },
    async resume(nodeId) {
      const one = hold(nodeId);
      await one.process?.resume();
      one.paused?.resolve();
      delete one.paused;
      recorder.event(`node ${nodeId} goes on`);
    },
    async command(nodeId, command) {
      const one = hold(nodeId);
      await one.paused?.promise;
      await one.process?.command(command);
    },
    async audits() {
      const up = [...hosted].filter(([, one]) => one.process !== undefined);
      return Object.fromEntries(await Promise.all(up.map(async ([id, one]) => [id, await one.process!.audit()] as const)));
    },
  };
};
