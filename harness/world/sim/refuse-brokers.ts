import { SquallError } from '../../errors.ts';
import { brokerOf, brokers } from '../../topology/broker-placement.ts';
import type { RunPlan } from '../world.ts';

/**
 * Others' programs do not run in virtual time.
 * @throws {SquallError} `UNSUPPORTED` for a plan whose jobs are in a broker of its own
 */
export const refuseBrokers = ({ designName, nodes = [] }: Pick<RunPlan, 'designName' | 'nodes'>): void => {
  for (const { link } of nodes) {
    const broker = brokerOf(link);
    if (!broker) continue;
    throw new SquallError(
      'UNSUPPORTED',
      `Design ${designName} keeps its jobs in ${brokers[broker].title} (queue.broker: ${broker}), and the simulated world has none.`,
      'Run it with --world live, or take `queue: { broker: sqlite }`.',
    );
  }
};
