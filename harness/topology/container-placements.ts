import type { ScenarioContainer, Topology } from '../scenario/scenario.ts';
import { isNode, type NodeLink, type ServiceLink } from './link.ts';

/** A real dependency of a system under test, and the link to it. */
export interface PlannedContainer {
  readonly link: NodeLink;
  readonly container: ScenarioContainer;
}

/** Kinds of nodes that are no part of the reference stack: a container that squall has started, and what runs already. */
const STARTED = 'container';
const RUNNING = 'running';

/** Whether it is the link to a container that squall has started: one that can be killed, paused and limited. */
export const isContainer = (link: ServiceLink): link is NodeLink => isNode(link) && link.kind === STARTED;

/** Whether it is the link to what the user has started: nobody here can end it. */
export const isRunningElsewhere = (link: ServiceLink): boolean => isNode(link) && link.kind === RUNNING;

/** A topology's containers, in its order. */
export const containersOf = ({ gatewayRegion, containers = [] }: Topology): readonly PlannedContainer[] =>
  containers.map((container) => ({
    container,
    link: {
      id: `stack/${gatewayRegion}/${container.name}`,
      provider: 'stack',
      region: gatewayRegion,
      service: container.name,
      role: container.isHttp ? 'service' : 'tcp',
      rttMs: container.rttMs,
      kind: container.source.type === 'url' ? RUNNING : STARTED,
    },
  }));

/** Of the URL that a system under test is told, e.g. `redis`. */
export const schemeOf = ({ source }: ScenarioContainer): string => {
  if (source.type === 'url') return new URL(source.origin).protocol.slice(0, -1);
  return source.type === 'image' ? source.scheme : 'http';
};
