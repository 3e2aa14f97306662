import type { BoundFault } from '../../faults/bind.ts';
import type { NodeLink } from '../../topology/link.ts';
import type { NodeHands } from './fault-actions.ts';

/** How a node of the stack is to be, by all faults that hold it. */
export type NodeState = 'running' | 'killed' | 'paused';

/** The first one counts. */
const STRONGEST = ['killed', 'paused'] as const;

/** @param active faults that hold now */
export const wantedNodeState = (link: NodeLink, active: Iterable<BoundFault>): NodeState => {
  const states = [...active].flatMap(({ links, effect }) => (links.includes(link) ? (effect.node?.(link) ?? []) : []));
  return STRONGEST.find((state) => states.includes(state)) ?? 'running';
};

/** Takes nodes from one state to the next, each one step after the other; in either world. */
export interface NodeHolds {
  /** Resolves when the node is in that state, or in one that was wanted later. */
  settle(nodeId: string, wanted: NodeState): Promise<void>;
}

type Hands = Pick<NodeHands, 'kill' | 'revive' | 'pause' | 'resume'>;

const move = async (hands: Hands, nodeId: string, from: NodeState, to: NodeState): Promise<void> => {
  // A process that stands still can be killed as any other.
  if (to === 'killed') return hands.kill(nodeId);
  if (from === 'killed') await hands.revive(nodeId);
  if (to === 'paused') return hands.pause(nodeId);
  if (from === 'paused') await hands.resume(nodeId);
};

export const createNodeHolds = (hands: Hands): NodeHolds => {
  const wantedOf = new Map<string, NodeState>();
  const current = new Map<string, NodeState>();
  const moving = new Map<string, Promise<void>>();

  const walk = async (nodeId: string): Promise<void> => {
    try {
      for (;;) {
        const [from, to] = [current.get(nodeId) ?? 'running', wantedOf.get(nodeId)!];
        if (from === to) return;
        current.set(nodeId, to);
        await move(hands, nodeId, from, to);
      }
    } finally {
      moving.delete(nodeId);
    }
  };

  return {
    async settle(nodeId, wanted) {
      wantedOf.set(nodeId, wanted);
      if (!moving.has(nodeId)) {
        if (wanted === (current.get(nodeId) ?? 'running')) return;
        moving.set(nodeId, walk(nodeId));
      }
      await moving.get(nodeId);
    },
  };
};
