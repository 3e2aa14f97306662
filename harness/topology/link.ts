import type { CloudName } from '../../mocks/cloud/service.ts';
import type { FailureCondition } from '../../mocks/control.ts';
import type { EndpointRole, ProviderName } from '../../mocks/emulator.ts';

/** A path to one service of a cloud in one region: what faults act on. */
export interface ServiceLink {
  /** `provider/region/service`, e.g. `aws/us-east-1/sagemaker-runtime`: what fault targets match. */
  readonly id: string;
  readonly provider: CloudName;
  readonly region: string;
  readonly service: string;
  /** `instances`: no endpoint, but the instances of a region. */
  readonly role: EndpointRole | 'instances';
  /** Base round trip that the wire adds to every exchange, milliseconds. */
  readonly rttMs: number;
  /** Callers come over TLS. Left out: in plain HTTP. */
  readonly isTls?: boolean;
  /** Operations that need a permission, by the cloud's own names, e.g. `DetectLabels`; left out: the service knows no permissions. */
  readonly operations?: readonly string[];
  /** Spot, preemptible or low-priority instances stand at the end of it. */
  readonly hasSpotInstances?: true;
  /** The service's own answer when it fails; left out, it is the provider's. */
  readonly failure?: (condition: FailureCondition) => Response;
}

/** A path from the system under test to one provider service in one region. */
export interface Link extends ServiceLink {
  readonly provider: ProviderName;
}
