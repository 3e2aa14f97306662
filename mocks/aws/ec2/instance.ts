import type { InstanceTypeSpec } from './instance-types.ts';

/** States with the codes that the API has for them. */
export const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

export type InstanceState = keyof typeof STATE_CODES;

export interface StateReason {
  readonly code: string;
  readonly message: string;
}

/** What happens to a spot instance that is taken. */
export type InterruptionBehavior = 'terminate' | 'stop' | 'hibernate';

export interface SpotRequest {
  readonly id: string;
  readonly instanceId: string;
  readonly createdAt: Date;
  readonly maxUsdPerHour: number | null;
  readonly type: 'one-time' | 'persistent';
  readonly behavior: InterruptionBehavior;
  readonly tags: Map<string, string>;
  state: 'open' | 'active' | 'closed' | 'cancelled' | 'disabled';
  status: { readonly code: string; readonly message: string; readonly at: Date };
}

/** When a spot instance is told that it will be taken, and when that is. */
export interface Interruption {
  readonly noticedAt: Date;
  readonly takenAt: Date;
  readonly action: InterruptionBehavior;
}

export interface Instance {
  readonly id: string;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly imageId: string;
  readonly type: InstanceTypeSpec;
  readonly zone: string;
  readonly privateIp: string;
  readonly clientToken: string;
  readonly keyName: string | undefined;
  readonly profileArn: string | undefined;
  readonly userData: string | undefined;
  readonly isTerminationProtected: boolean;
  readonly spot: SpotRequest | null;
  readonly tags: Map<string, string>;
  launchedAt: Date;
  state: InstanceState;
  reason: StateReason | null;
  /** Words of `StateTransitionReason`; empty for none. */
  transitionReason: string;
  interruption: Interruption | null;
  /** Epoch milliseconds; null while it lives. */
  terminatedAtMs: number | null;
}

/** What one RunInstances launched. */
export interface Reservation {
  readonly id: string;
  readonly instances: readonly Instance[];
}

export const isAlive = ({ state }: Instance): boolean => state !== 'shutting-down' && state !== 'terminated';
