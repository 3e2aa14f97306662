/** What a fault, or a test, can do to a running emulator. Plain data: it crosses process boundaries. */
export type ControlCommand =
  /** Deactivates the current credential and all tokens made from it; a new one is in the secret store after `replacementAfterMs`, or never for `null`. */
  | { readonly type: 'revoke-credential'; readonly replacementAfterMs: number | null }
  /** Every access token and session issued until now is expired; the long-lived credential stays good, so new tokens can be had. */
  | { readonly type: 'expire-tokens' }
  /** Multiplies the list price of endpoints whose region and service match (`*` is any). 1 restores it. */
  | {
      readonly type: 'set-price-multiplier';
      readonly region: string;
      readonly service: string;
      readonly multiplier: number;
    }
  /** Limits an inference endpoint to a request rate (token bucket of one second); excess is throttled in the provider's own shape. `null` lifts it. */
  | {
      readonly type: 'set-quota';
      readonly region: string;
      readonly service: string;
      readonly requestsPerS: number | null;
    }
  /** Takes a permission of the workload's identity, or gives it back: in all regions, for it is the account that has it. `*` is any operation. */
  | { readonly type: 'set-permission'; readonly service: string; readonly operation: string; readonly isAllowed: boolean }
  /**
   * Announces to each spot, preemptible or low-priority instance of a region that it is taken, as the cloud does, and takes it after
   * `noticeMs`; the cloud's own notice when that is left out.
   */
  | { readonly type: 'interrupt-instances'; readonly region: string; readonly noticeMs?: number };

/** What one inference endpoint has served. */
export interface UsageReport {
  readonly region: string;
  readonly service: string;
  /** Successful predictions. */
  readonly predictions: number;
  /** What they cost at the price in force when each was served: slot-seconds held x instance price / concurrency. US dollars. */
  readonly costUsd: number;
}

/** Failures that any provider can answer with; each provider's `errors.ts` gives the wire shape. */
export type FailureCondition = 'unavailable' | 'internal' | 'throttled' | 'model-error';
