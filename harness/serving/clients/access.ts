import type { ProviderCredential } from '../../../mocks/emulator.ts';
import type { Prediction } from '../../../mocks/models/runtime.ts';
import type { GatewayLink } from '../config.ts';
import type { ProviderClock } from '../provider-clock.ts';

/** One row of features a prediction. */
export type Rows = readonly (readonly number[])[];

/**
 * What a credential opens at a provider, until it expires or is refused. All links of the provider share it.
 * Both calls throw a `LinkError`, or the signal's reason when it aborts.
 */
export interface Access {
  /** Tells one access from the next: two that are equal would be refused alike. Secret. */
  readonly fingerprint: string;
  /** Epoch milliseconds; null where it lasts until it is revoked. */
  readonly expiresAtMs: number | null;
  /** As many predictions as rows, in their order. */
  predict(link: GatewayLink, rows: Rows, signal: AbortSignal): Promise<readonly Prediction[]>;
  /** The price in force of the link's instance type in its region, US dollars an hour. */
  priceUsdPerHour(link: GatewayLink, signal: AbortSignal): Promise<number>;
}

/**
 * Makes an access of a credential; one such function is all that the stack knows of a provider.
 * @param link any link of the provider: says where its token endpoint is
 * @param clock what time it is there
 * @throws {LinkError} `credential` when the provider refuses the credential
 */
export type Authorize = (
  credential: ProviderCredential,
  link: GatewayLink,
  signal: AbortSignal,
  clock: ProviderClock,
) => Promise<Access>;
