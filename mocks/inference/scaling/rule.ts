import type { ScalingConfig } from '../deployment.ts';

/** One value of the metric. */
export interface Datapoint {
  /** The metric over its target: 1 is on target. */
  readonly load: number;
  /** Instances that served then. */
  readonly serving: number;
}

/** What a rule decides by. */
export interface ScalingState {
  /** Newest last. */
  readonly datapoints: readonly Datapoint[];
  /** Instances that are wanted now. */
  readonly wanted: number;
  /** Instances that do not serve yet. */
  readonly starting: number;
  /** Since instances were last added, and taken away, milliseconds; Infinity for never. */
  readonly sinceOutMs: number;
  readonly sinceInMs: number;
}

/** How many instances a provider's autoscaler wants: any number, which `min` and `max` then bound. */
export type ScalingRule = (state: ScalingState, config: ScalingConfig) => number;

/** The newest values, or none while there are fewer. */
export const latest = ({ datapoints }: ScalingState, count: number): readonly Datapoint[] =>
  datapoints.length < count ? [] : datapoints.slice(-count);
