import { latest, type ScalingRule } from './rule.ts';

/** The alarm for scaling in is set so far below the target. As we know it: 90 % of it for the predefined metrics. */
const LOW = 0.9;

/**
 * Application Auto Scaling's target tracking of a SageMaker variant. Two alarms watch the metric. The high one adds instances in proportion, all
 * at once; the low one takes them away "more gradually", here one at a time, and is blocked by its cooldown, which adding is not. A cooldown of
 * adding counts what the last addition has brought. While instances start the endpoint is `Updating`, and the number is left alone.
 *
 * Sources: Application Auto Scaling user guide, "How target tracking scaling works" and the API reference of
 * TargetTrackingScalingPolicyConfiguration (cooldowns of 300 s); SageMaker developer guide, "Auto scaling policy overview". Copies, read November 2026.
 */
export const targetTracking: ScalingRule = (
  state,
  { scaleOutPeriods, scaleInPeriods, scaleOutCooldownMs, scaleInCooldownMs },
) => {
  const { wanted, starting, sinceOutMs, sinceInMs } = state;
  if (starting > 0) return wanted;
  const high = latest(state, scaleOutPeriods);
  if (high.length > 0 && high.every(({ load }) => load > 1)) {
    return sinceOutMs < scaleOutCooldownMs ? wanted : Math.max(wanted + 1, Math.ceil(wanted * high.at(-1)!.load));
  }
  const low = latest(state, scaleInPeriods);
  const isLow = low.length > 0 && low.every(({ load }) => load < LOW) && Math.min(sinceInMs, sinceOutMs) >= scaleInCooldownMs;
  // Not where the load that is left would be too much for one fewer.
  return isLow && wanted * low.at(-1)!.load <= wanted - 1 ? wanted - 1 : wanted;
};
