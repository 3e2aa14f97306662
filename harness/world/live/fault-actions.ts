import type { ControlCommand } from '../../../mocks/control.ts';
import type { ProviderName } from '../../../mocks/emulator.ts';
import type { BoundFault } from '../../faults/bind.ts';
import { commandsAtEnd, commandsAtStart, type TargetedCommand } from '../../faults/commands.ts';
import type { NodeCommand } from '../../serving/nodes/node.ts';
import { type AnyLink, isNode } from '../../topology/link.ts';
import type { Wire } from '../../wire/wire.ts';
import type { ContainerHands } from './containers/live-containers.ts';
import { containersHeldBy, wantedOf } from './containers/wanted.ts';
import { createNodeHolds, wantedNodeState } from './node-holds.ts';
import type { TimelineAction } from './timeline.ts';

export interface FaultStage {
  readonly wire: Pick<Wire, 'begin' | 'end'>;
  /** Tells the provider's emulator. */
  control(provider: ProviderName, command: ControlCommand): Promise<void>;
  /** Nodes of the stack, by the id of their link. */
  readonly nodes: NodeHands;
  /** Left out: there are none. */
  readonly containers?: ContainerHands;
  /** Reads every provider's meters. */
  sampleUsage(): Promise<void>;
  onEvent(text: string): void;
}

/** What faults do to nodes of the stack, in either world. */
export interface NodeHands {
  kill(nodeId: string): Promise<void>;
  /** Starts it again; resolves when it is ready. */
  revive(nodeId: string): Promise<void>;
  /** It stands still: its connections stay and are taken, it does nothing. */
  pause(nodeId: string): Promise<void>;
  /** It goes on where it was. */
  resume(nodeId: string): Promise<void>;
  /** A node that is down hears nothing; one that stands still hears it when it goes on. */
  command(nodeId: string, command: NodeCommand): Promise<void>;
}

/** What of a fault befalls the wire: a node that answers no requests has no link on it. */
const carried = (bound: BoundFault): BoundFault => ({ ...bound, links: bound.links.filter(({ role }) => role !== 'process') });

/** What the timeline does: meters at 0 and at every edge, faults on and off. Of one moment the ends come first, so that a start has the last word. */
export const faultActions = (faults: readonly BoundFault[], durationMs: number, stage: FaultStage): readonly TimelineAction[] => {
  const active = new Set<BoundFault>();

  const tell = async (commands: readonly TargetedCommand<AnyLink>[]) => {
    await Promise.all(commands.map(({ provider, command }) => stage.control(provider, command)));
  };

  const holds = createNodeHolds(stage.nodes);
  const touchNodes = async ({ links, effect }: BoundFault, edge: 'onStart' | 'onEnd') => {
    await Promise.all(
      links.filter(isNode).map(async (link) => {
        for (const command of effect.nodeCommands?.(link)[edge] ?? []) await stage.nodes.command(link.id, command);
        // Whoever else holds it lets it rise when that is over.
        if (effect.node?.(link)) await holds.settle(link.id, wantedNodeState(link, active));
      }),
    );
  };

  const settleContainers = async (bound: BoundFault) => {
    await Promise.all(containersHeldBy(bound).map((link) => stage.containers?.hold(link.id, wantedOf(link, active))));
  };

  const begin = async (bound: BoundFault) => {
    active.add(bound);
    stage.onEvent(`fault ${bound.fault.name} started on ${bound.fault.targets.join(', ')}: ${inWords(bound.links.length)}`);
    await Promise.all([
      stage.wire.begin(carried(bound)),
      tell(commandsAtStart(bound)),
      touchNodes(bound, 'onStart'),
      settleContainers(bound),
    ]);
  };

  const end = async (bound: BoundFault) => {
    active.delete(bound);
    stage.onEvent(`fault ${bound.fault.name} ended`);
    const [back, again] = commandsAtEnd(bound, active);
    // Callers are let in to a container that serves.
    await settleContainers(bound);
    // A node that comes up calls others through the wire.
    await Promise.all([stage.wire.end(carried(bound)), tell(back), tell(again)]);
    await touchNodes(bound, 'onEnd');
  };

  const edges = faults.flatMap(({ fault }) => [fault.atMs, fault.atMs + fault.forMs]);
  const moments = [...new Set([0, ...edges])].filter((atMs) => atMs < durationMs);
  return [
    // The meters are read first: the message before a command's, so that the price it sets counts from here.
    ...moments.map((atMs) => ({ atMs, act: () => stage.sampleUsage() })),
    ...faults.map((bound) => ({ atMs: Math.min(durationMs, bound.fault.atMs + bound.fault.forMs), act: () => end(bound) })),
    ...faults.map((bound) => ({ atMs: bound.fault.atMs, act: () => begin(bound) })),
  ];
};

const inWords = (links: number): string => (links === 1 ? '1 link' : `${links} links`);
