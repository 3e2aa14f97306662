import type { ScalingConfig } from './deployment.ts';
import type { Fleet } from './fleet.ts';
import type { Datapoint } from './scaling/rule.ts';
import { scalingRules } from './scaling/rules.ts';

/** Looks at the fleet within a period of the metric: SageMaker takes a sample of concurrent requests every 10 s, 6 a minute. */
const SAMPLES = 6;

/** Values of the metric that are remembered. */
const HISTORY = 1000;

/** Keeps a fleet's number near what its load needs. */
export interface Autoscaler {
  /** A request has come, whatever becomes of it. */
  onRequest(): void;
}

/** Begins at once, and never ends by itself. @param slots of an instance */
export const createAutoscaler = (config: ScalingConfig, slots: number, fleet: Pick<Fleet, 'size' | 'resize'>): Autoscaler => {
  const { periodMs, metricDelayMs, min, max } = config;
  const rule = scalingRules[config.rule];
  const datapoints: Datapoint[] = [];
  let invocations = 0;
  let sampled = 0;
  let samples = 0;
  let outAtMs = Number.NEGATIVE_INFINITY;
  let inAtMs = Number.NEGATIVE_INFINITY;

  const sample = () => {
    const { serving, taken, waiting } = fleet.size;
    sampled += (taken + waiting) / Math.max(1, serving * slots);
    samples += 1;
  };

  /** The metric over its target. */
  const read = (): Datapoint => {
    const { serving } = fleet.size;
    const load =
      config.metric === 'concurrency'
        ? sampled / samples / config.utilization
        : invocations / (periodMs / 1000) / Math.max(1, serving) / config.targetPerS;
    sampled = 0;
    samples = 0;
    invocations = 0;
    return { load, serving };
  };

  const decide = () => {
    const nowMs = performance.now();
    const { wanted, starting } = fleet.size;
    const asked = rule({ datapoints, wanted, starting, sinceOutMs: nowMs - outAtMs, sinceInMs: nowMs - inAtMs }, config);
    const bounded = Math.min(max, Math.max(min, asked));
    if (bounded > wanted) outAtMs = nowMs;
    if (bounded < wanted) inAtMs = nowMs;
    fleet.resize(bounded);
  };

  const publish = (datapoint: Datapoint) => {
    datapoints.push(datapoint);
    if (datapoints.length > HISTORY) datapoints.shift();
    decide();
  };

  setInterval(() => {
    sample();
    if (samples < SAMPLES) return;
    const datapoint = read();
    if (metricDelayMs === 0) publish(datapoint);
    else setTimeout(() => publish(datapoint), metricDelayMs);
  }, periodMs / SAMPLES);

  return {
    onRequest() {
      invocations += 1;
    },
  };
};
