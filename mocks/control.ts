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
  /** Sets by how much the provider's clock is ahead of its callers', milliseconds; below 0 behind. 0 sets it right. */
  | { readonly type: 'set-clock-offset'; readonly offsetMs: number }
  /** Takes a permission of the workload's identity, or gives it back: in all regions, for it is the account that has it. `*` is any operation. */
  | { readonly type: 'set-permission'; readonly service: string; readonly operation: string; readonly isAllowed: boolean }
  /** Disables every key of a key service, or enables it again. `*` is any service that has keys. */
  | { readonly type: 'set-key-enabled'; readonly region: string; readonly service: string; readonly isEnabled: boolean }
  /** Gives every key of a key service new material, or a new version: what was encrypted before stays readable. */
  | { readonly type: 'rotate-keys'; readonly region: string; readonly service: string }
  /**
   * Announces to each spot, preemptible or low-priority instance of a region that it is taken, as the cloud does, and takes it after
   * `noticeMs`; the cloud's own notice when that is left out. A `share` of them is for the stack's endpoints alone.
   */
  | { readonly type: 'interrupt-instances'; readonly region: string; readonly noticeMs?: number; readonly share?: number }
  /** Says after how long the stack's endpoints in a region can have spot instances: 0 is now, `null` not before it is said again. */
  | { readonly type: 'set-spot-capacity'; readonly region: string; readonly availableAfterMs: number | null }
  /** Makes a share of the instances of the stack's endpoints slow, failing or both, while the others are well; share 0 mends all. */
  | {
      readonly type: 'degrade-instances';
      readonly region: string;
      readonly service: string;
      /** 0..1, rounded up to whole instances. */
      readonly share: number;
      /** Times the service time. */
      readonly slowdown: number;
      /** Of the predictions on them, 0..1. */
      readonly errorShare: number;
    };

/** What one inference endpoint has served, and what it cost. Both only grow. */
export interface UsageReport {
  readonly region: string;
  readonly service: string;
  /** Successful predictions. */
  readonly predictions: number;
  /** Successful answers: one has all predictions of its request. */
  readonly answers: number;
  /** Time that they held a slot, by the times that were drawn, milliseconds. */
  readonly busyMs: number;
  /** What left the region with them. */
  readonly egressBytes: number;
  /** By kind; the whole is the sum. US dollars, each at the price in force at its time. */
  readonly cost: CostParts;
  /** Rows that have come in, answered or not, by whose they are; left out where nobody's are counted. */
  readonly subjects?: Readonly<Record<string, number>>;
}

/** A bill by kind, US dollars. */
export interface CostParts {
  /** Instances, or time of requests where these are billed. */
  readonly computeUsd: number;
  /** Fees by the request. */
  readonly requestsUsd: number;
  readonly egressUsd: number;
  /** Model artifacts at rest. */
  readonly storageUsd: number;
}

/** Failures that any provider can answer with; each provider's `errors.ts` gives the wire shape. */
export type FailureCondition = 'unavailable' | 'internal' | 'throttled' | 'model-error';
