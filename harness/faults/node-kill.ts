import { z } from 'zod';
import { brokerOf, brokers } from '../topology/broker-placement.ts';
import { isContainer, isRunningElsewhere } from '../topology/container-placements.ts';
import { isNode, type ServiceLink } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect, type TargetProblem } from './kind.ts';

const settings = z.strictObject({
  mode: z
    .enum(['kill', 'stop'])
    .default('kill')
    .describe('Of containers: at once, or asked to end first, so that it can write what it has; 10 s later it is killed.'),
});

type Settings = z.output<typeof settings>;

const effect = ({ mode }: Settings): FaultEffect => ({
  node: (link) => (isContainer(link) ? undefined : 'killed'),
  container: (link) => (isContainer(link) ? { state: mode === 'stop' ? 'stopped' : 'killed' } : undefined),
  connection: ({ role }) => (role === 'process' ? undefined : 'refuse'),
});

const brokerThatLives = 'a broker with its jobs on the disk (`queue: { broker: nats }`)';

const checkTargets = ({ mode }: Settings, targeted: readonly ServiceLink[]): TargetProblem | undefined => {
  for (const link of targeted) {
    if (mode === 'stop' && !isContainer(link)) {
      return { message: `${link.id} is no container, and only containers are asked to end.`, remedy: 'Leave mode out.' };
    }
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
    'A node of the stack, such as stack/us-east/worker-1, or a container is killed at the start and started again at the end, with what its store has kept.',
  settings,
  appliesTo: (link) => isNode(link) && !isRunningElsewhere(link),
  checkTargets,
  live: effect,
  sim: effect,
});
