import { loadDoors } from '../load/doors/index.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Design } from '../serving/config.ts';
import { IDENTITY } from '../serving/identity/node.ts';
import { nodeKinds } from '../serving/nodes/kinds.ts';
import { brokerKind, brokerOf, brokerOfDesign, brokers } from './broker-placement.ts';
import type { PlannedContainer } from './container-placements.ts';
import { placeData } from './data-placements.ts';
import type { AnyLink, Link, NodeLink, NodeRole } from './link.ts';
import { placeBackup, placeRegistry, placeRegistryClients } from './registry-placements.ts';

/** What decides which nodes there are. */
export type NodeContext = Pick<Scenario, 'topology' | 'load' | 'registry' | 'data'> & { readonly design: Design };

/** Where one node stands. */
export interface Placement {
  /** Last part of its link's id, e.g. `worker-1`; unique in its region. */
  readonly name: string;
  /** Of the gateway's or another place where a stack can stand, e.g. `us-east`. */
  readonly region: string;
  /** Round trip from whoever calls it, milliseconds. */
  readonly rttMs: number;
  /** What its kind is told of the scenario; plain data. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A node that a plan has. */
export interface PlannedNode {
  readonly link: NodeLink;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Between two processes of one region, milliseconds: what roundTripMs has for two machines of one. */
const SAME_REGION_MS = 1;

/** Whether answers come by way of the queue. */
const hasJobs = ({ load }: NodeContext): boolean => loadDoors[load.door].later !== undefined && !hasStream({ load });

const hasStream = ({ load }: Pick<NodeContext, 'load'>): boolean => load.door === 'stream';

const inRegion = ({ topology }: NodeContext, name: string, settings: Readonly<Record<string, unknown>> = {}): Placement => ({
  name,
  region: topology.gatewayRegion,
  rttMs: SAME_REGION_MS,
  settings,
});

/** Which nodes of each kind a stack has. */
const placements: Readonly<Record<string, (context: NodeContext) => readonly Placement[]>> = {
  [IDENTITY]: (context) => [inRegion(context, IDENTITY)],
  queue: (context) =>
    hasJobs(context) ? [{ name: 'queue', region: context.topology.gatewayRegion, rttMs: SAME_REGION_MS }] : [],
  ...Object.fromEntries(
    Object.keys(brokers).map((name) => [
      brokerKind(name as keyof typeof brokers),
      (context: NodeContext) =>
        hasJobs(context) && brokerOfDesign(context.design) === name ? [inRegion(context, 'broker')] : [],
    ]),
  ),
  worker: (context) =>
    hasJobs(context)
      ? Array.from({ length: context.design.worker.workers }, (_, index) => ({
          name: `worker-${index + 1}`,
          region: context.topology.gatewayRegion,
          rttMs: SAME_REGION_MS,
        }))
      : [],
  stream: (context) => (hasStream(context) ? [inRegion(context, 'stream')] : []),
  processor: (context) =>
    hasStream(context)
      ? Array.from({ length: context.design.stream.processors }, (_, index) =>
          inRegion(context, `processor-${index + 1}`, { index }),
        )
      : [],
  registry: placeRegistry,
  backup: placeBackup,
  'registry-client': placeRegistryClients,
  data: placeData,
};

const roleOf = (kind: string): NodeRole => {
  const broker = brokerOf({ kind });
  if (broker) return brokers[broker].role;
  return nodeKinds[kind]!.isService ? 'service' : 'process';
};

/** The nodes of a scenario's stack, in the order of the kinds. */
export const nodesOf = (context: NodeContext): readonly PlannedNode[] =>
  Object.entries(placements).flatMap(([kind, place]) =>
    place(context).map(({ name, region, rttMs, settings = {} }) => ({
      link: {
        id: `stack/${region}/${name}`,
        provider: 'stack' as const,
        region,
        service: name,
        role: roleOf(kind),
        rttMs,
        kind,
      },
      settings,
    })),
  );

/** All that the faults of a plan can act on. */
export const faultableLinks = ({
  links,
  nodes = [],
  containers = [],
}: {
  readonly links: readonly Link[];
  readonly nodes?: readonly PlannedNode[];
  readonly containers?: readonly PlannedContainer[];
}): readonly AnyLink[] => [...links, ...[...nodes, ...containers].map(({ link }) => link)];
