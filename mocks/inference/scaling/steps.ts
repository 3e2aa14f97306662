import { latest, type ScalingRule, type ScalingState } from './rule.ts';

/** Of Microsoft's example for online endpoints: two more above 70 % of CPU over five minutes, one fewer below 25 % (azure-docs, how-to-autoscale-endpoints, as we know it). */
const OUT = 2;
const IN = 1;
const LOW = 25 / 70;

const mean = (state: ScalingState, periods: number): number | undefined => {
  const values = latest(state, periods);
  return values.length === 0 ? undefined : values.reduce((sum, { load }) => sum + load, 0) / values.length;
};

/**
 * Azure Monitor's autoscale rules, which managed online endpoints scale by: the mean over a window is compared with a threshold, and the number
 * changes by a step; each rule rests for its cooldown, counted from the last change of either.
 */
export const steps: ScalingRule = (state, { scaleOutPeriods, scaleInPeriods, scaleOutCooldownMs, scaleInCooldownMs }) => {
  const sinceChangeMs = Math.min(state.sinceOutMs, state.sinceInMs);
  if ((mean(state, scaleOutPeriods) ?? 0) > 1) return sinceChangeMs < scaleOutCooldownMs ? state.wanted : state.wanted + OUT;
  const isLow = (mean(state, scaleInPeriods) ?? 1) < LOW;
  return isLow && sinceChangeMs >= scaleInCooldownMs ? state.wanted - IN : state.wanted;
};
