import type { Design } from '../serving/config.ts';
import type { NodeLink, NodeRole } from './link.ts';

/** A broker that is a process of its own, behind the queue. */
export type BrokerName = Exclude<Design['queue']['broker'], 'sqlite'>;

interface BrokerNode {
  /** In messages. */
  readonly title: string;
  /** How the queue reaches it. */
  readonly role: NodeRole;
  /** Why it cannot be killed: what it had taken would be gone. Left out: it has everything on the disk. */
  readonly losesJobs?: string;
}

/** Brokers, by their name in a design. */
export const brokers: Readonly<Record<BrokerName, BrokerNode>> = {
  nats: { title: 'NATS JetStream', role: 'tcp' },
  sqs: {
    title: "LocalStack's SQS",
    role: 'service',
    // docs.localstack.cloud, Snapshots, Persistence (read November 2026): ephemeral by default, kept over a restart in the Pro edition alone.
    losesJobs: 'LocalStack keeps its queues in memory',
  },
};

const KIND = 'broker-';

/** Kind of a broker's node: `broker-nats`. */
export const brokerKind = (name: BrokerName): string => `${KIND}${name}`;

/** Which broker a node is; undefined where it is none. */
export const brokerOf = ({ kind }: Pick<NodeLink, 'kind'>): BrokerName | undefined =>
  kind.startsWith(KIND) ? (kind.slice(KIND.length) as BrokerName) : undefined;

/** The broker behind a design's queue; undefined where the queue keeps jobs itself. */
export const brokerOfDesign = ({ queue: { broker } }: Pick<Design, 'queue'>): BrokerName | undefined =>
  broker === 'sqlite' ? undefined : broker;
