import type { EndpointRole, ProviderName } from '../../mocks/emulator.ts';

/** A path from the system under test to one provider service in one region. */
export interface Link {
  /** `provider/region/service`, e.g. `aws/us-east-1/sagemaker-runtime`: what fault targets match. */
  readonly id: string;
  readonly provider: ProviderName;
  readonly region: string;
  readonly service: string;
  readonly role: EndpointRole;
  /** Base round trip that the wire adds to every exchange, milliseconds. */
  readonly rttMs: number;
}
