import type { ScalingRule } from './rule.ts';

/**
 * Vertex AI's: each cycle gives a number of nodes, that of now times the utilization over its target, and the highest of the last minutes' numbers is
 * taken. So nodes are added at once, and taken away when the whole window wants fewer; cooldowns there are none.
 *
 * As we know it (Vertex AI docs, "Scale inference nodes by using autoscaling": a cycle is 15 s, the window 5 min); the copy that could be read in
 * November 2026 has no more of it than that a target is 60 % where nothing is said (AutoscalingMetricSpec).
 */
export const window: ScalingRule = ({ datapoints, wanted }, { scaleInPeriods }) => {
  const asked = datapoints.slice(-scaleInPeriods).map(({ load, serving }) => Math.ceil(load * serving));
  if (asked.length === 0) return wanted;
  // Until the window is full nothing is known of its beginning: what is there stays.
  return Math.max(...asked, datapoints.length < scaleInPeriods ? wanted : 0);
};
