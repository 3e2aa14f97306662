import type { ProviderName } from '../../../mocks/emulator.ts';

/** A cloud's key service in a region, and what it takes to be let in. Plain data. Contains a secret. */
export interface KeyLink {
  /** E.g. `aws/us-east-1/kms`. */
  readonly id: string;
  readonly provider: ProviderName;
  readonly region: string;
  /** Origin, e.g. `http://127.0.0.1:20013`. */
  readonly endpoint: string;
  /** Origin of the token endpoint (Google OAuth, Microsoft Entra); AWS has none. */
  readonly tokenEndpoint?: string;
  /** Where the workload's current credential is read, and the bearer that opens it. */
  readonly secretEndpoint: string;
  readonly secretStoreToken: string;
}
