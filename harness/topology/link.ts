import type { CloudName } from '../../mocks/cloud/service.ts';
import type { FailureCondition } from '../../mocks/control.ts';
import type { EndpointRole, ProviderName } from '../../mocks/emulator.ts';

/** A path to one service of a cloud in one region: what faults act on. */
export interface ServiceLink {
  /** `provider/region/service`, e.g. `aws/us-east-1/sagemaker-runtime`: what fault targets match. */
  readonly id: string;
  readonly provider: CloudName | 'stack';
  readonly region: string;
  readonly service: string;
  /** `instances`: no endpoint, but the instances of a region. `service` and `process`: a node of the stack that answers requests, or none. */
  readonly role: EndpointRole | 'instances' | 'service' | 'process';
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
  readonly role: 'service' | 'process';
  /** Kind of the node: harness/serving/nodes/kinds.ts. */
  readonly kind: string;
}

/** Whether it is a node of the stack itself. */
export const isNode = (link: ServiceLink): link is NodeLink => link.provider === 'stack';

/** All that a scenario's faults can act on. */
export type AnyLink = Link | NodeLink;
