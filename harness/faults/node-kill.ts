import { z } from 'zod';
import { brokerOf, brokers } from '../topology/broker-placement.ts';
import { isNode, type ServiceLink } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect, type TargetProblem } from './kind.ts';

const effect = (): FaultEffect => ({
  node: () => 'kill',
  connection: ({ role }) => (role === 'process' ? undefined : 'refuse'),
});

const brokerThatLives = 'a broker with its jobs on the disk (`queue: { broker: nats }`)';

const checkTargets = (_settings: unknown, targeted: readonly ServiceLink[]): TargetProblem | undefined => {
  for (const link of targeted) {
    const broker = isNode(link) ? brokerOf(link) : undefined;
    const why = broker && brokers[broker].losesJobs;
    if (!why) continue;
    return {
      message: `${link.id} cannot be killed: ${why}, so that every accepted job would be lost by the broker itself.`,
      remedy: `Kill the queue or the workers, or cut the broker off by region-outage; ${brokerThatLives} can be killed.`,
    };
  }
  return undefined;
};

/** A process of the stack dies without a last word. */
export const nodeKill = defineFaultKind({
  kind: 'node-kill',
  summary:
    'A node of the stack, such as stack/us-east/worker-1, is killed at the start and started again at the end, with what its store has kept.',
  settings: z.strictObject({}),
  appliesTo: isNode,
  checkTargets,
  live: effect,
  sim: effect,
});
