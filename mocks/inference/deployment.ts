/**
 * How an endpoint is deployed in a region: what stands behind it beyond the one instance that is there when nothing is said. Plain data: it
 * crosses a process or a worker boundary.
 */
export type DeploymentConfig = InstancesConfig | ServerlessConfig;

/** Instances of the region's type. */
export interface InstancesConfig {
  readonly type: 'instances';
  /** Predictions that an instance serves at the same time, at least 1. */
  readonly slots: number;
  /** Instances that serve when the endpoint comes up, at least 1. */
  readonly instances: number;
  /** Left out: the number stays. */
  readonly scaling?: ScalingConfig;
  /** Left out: all are on demand. */
  readonly spot?: SpotConfig;
}

/** Auto-scaling. Times are those of the emulated world: docs/capacity.md says how they stand to a cloud's minutes. */
export interface ScalingConfig {
  /** What the provider's autoscaler does with its metric: a key of scaling/rules.ts. */
  readonly rule: ScalingRuleName;
  /** Fewest and most instances, 1 <= min <= max. */
  readonly min: number;
  readonly max: number;
  /** `concurrency`: predictions that run or wait, by the slots there are. `invocations`: requests a second and instance, by those of `targetPerS`. */
  readonly metric: 'concurrency' | 'invocations';
  /** Of metric `concurrency`: the share of slots to have in use, above 0, to 1. */
  readonly utilization: number;
  /** Of metric `invocations`: requests a second and instance, above 0. */
  readonly targetPerS: number;
  /** From one value of the metric to the next, milliseconds. */
  readonly periodMs: number;
  /** How late a value is seen, milliseconds. */
  readonly metricDelayMs: number;
  /** Values that count before instances are added, and before some are taken away. */
  readonly scaleOutPeriods: number;
  readonly scaleInPeriods: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
}

export type ScalingRuleName = 'target-tracking' | 'window' | 'steps';

/** Spare capacity, cheap until the cloud wants it back. */
export interface SpotConfig {
  /** Instances of the region that are on demand all the same. */
  readonly onDemandBase: number;
  /** At the notice a replacement is started, and before the end the instance gets no more requests. */
  readonly drainOnNotice: boolean;
  /** How long before the end it gets none, milliseconds. */
  readonly drainMs: number;
  /** What cannot be had on the spot market is had on demand. */
  readonly fallsBack: boolean;
}

/** Environments that come when they are asked for, one prediction at a time each, and go when they are idle. */
export interface ServerlessConfig {
  readonly type: 'serverless';
  /** Most predictions at the same time; one more is throttled. */
  readonly maxConcurrency: number;
  /** Environments that are always warm, at most `maxConcurrency`. */
  readonly provisionedConcurrency: number;
  /** An environment that has been idle for so long is gone, milliseconds. */
  readonly keepAliveMs: number;
}
