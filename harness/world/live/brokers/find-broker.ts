import { SquallError } from '../../../errors.ts';
import { type BrokerName, brokerOf, brokers } from '../../../topology/broker-placement.ts';
import type { RunPlan } from '../../world.ts';
import { brokerPrograms, brokersFolder } from './programs.ts';

/**
 * The program of a plan's broker; undefined for a plan without one.
 * @throws {SquallError} `UNSUPPORTED` where it is not installed
 */
export const findBroker = ({
  designName,
  nodes = [],
}: Pick<RunPlan, 'designName' | 'nodes'>): { readonly broker: BrokerName; readonly command: string } | undefined => {
  const broker = nodes.map(({ link }) => brokerOf(link)).find((name) => name !== undefined);
  if (!broker) return undefined;
  const command = brokerPrograms[broker].find();
  if (command !== undefined) return { broker, command };
  throw new SquallError(
    'UNSUPPORTED',
    `Design ${designName} keeps its jobs in ${brokers[broker].title} (queue.broker: ${broker}), and ${brokerPrograms[broker].missing} is not installed in ${brokersFolder()}.`,
    'Run scripts/install-brokers.sh of squall, with SQUALL_BROKERS as it is for squall; or take `queue: { broker: sqlite }`.',
  );
};
