import type { CloudName } from '../../mocks/cloud/service.ts';
import type { FailureCondition } from '../../mocks/control.ts';
import type { EndpointRole, ProviderName } from '../../mocks/emulator.ts';

/** @see ServiceLink.role */
export type NodeRole = 'service' | 'tcp' | 'process';

/** A path to one service of a cloud in one region: what faults act on. */
export interface ServiceLink {
  /** `provider/region/service`, e.g. `aws/us-east-1/sagemaker-runtime`: what fault targets match. */
  readonly id: string;
  readonly provider: CloudName | 'stack';
  readonly region: string;
  readonly service: string;
  /**
   * `instances`: no endpoint, but the instances of a region. Of nodes of the stack, `service`: answers requests over HTTP; `tcp`: is
   * reached by a protocol of its own, of which the wire knows no more than the bytes; `process`: nobody reaches it.
   */
  readonly role: EndpointRole | 'instances' | NodeRole;
  /** Base round trip that the wire adds to every exchange, milliseconds. */
  readonly rttMs: number;
  /** Callers come over TLS. Left out: in plain HTTP. */
  readonly isTls?: boolean;
  /** Operations that need a permission, by the cloud's own names, e.g. `DetectLabels`; left out: the service knows no permissions. */
  readonly operations?: readonly string[];
  /** Spot, preemptible or low-priority instances stand at the end of it; `by-design`: if the design has the endpoint on them. */
  readonly hasSpotInstances?: true | 'by-design';
  /** It holds callers to a time that they state, in signatures or assertions, by a clock that faults can set. */
  readonly hasClock?: true;
  /** The service's own answer when it fails; left out, it is the provider's. */
  readonly failure?: (condition: FailureCondition) => Response;
}

/** A path from the system under test to one provider service in one region. */
export interface Link extends ServiceLink {
  readonly provider: ProviderName;
}

/** A path to a service of a cloud, not of the stack itself. */
export interface CloudLink extends ServiceLink {
  readonly provider: CloudName;
}

/** A node of the stack, `stack/us-east/queue`: the path to it where it answers requests, and what faults name it by where not. */
export interface NodeLink extends ServiceLink {
  readonly provider: 'stack';
  readonly role: NodeRole;
  /** Kind of the node: one of harness/serving/nodes/kinds.ts, or a broker's of harness/topology/broker-placement.ts. */
  readonly kind: string;
}

/** Whether it is a node of the stack itself. */
export const isNode = (link: ServiceLink): link is NodeLink => link.provider === 'stack';

/** All that a scenario's faults can act on. */
export type AnyLink = Link | NodeLink;
