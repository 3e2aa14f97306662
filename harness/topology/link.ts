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
  readonly role: EndpointRole;
  /** Base round trip that the wire adds to every exchange, milliseconds. */
  readonly rttMs: number;
  /** Callers come over TLS. Left out: in plain HTTP. */
  readonly isTls?: boolean;
  /** The service's own answer when it fails; left out, it is the provider's. */
  readonly failure?: (condition: FailureCondition) => Response;
}

/** A path from the system under test to one provider service in one region. */
export interface Link extends ServiceLink {
  readonly provider: ProviderName;
}
