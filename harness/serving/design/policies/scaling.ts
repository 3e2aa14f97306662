import { choice, count, durationMs, perS, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

// Where a second of a scenario stands for a minute, the times are those of CloudWatch and Application Auto Scaling: docs/capacity.md.
export const scaling = definePolicy({
  summary:
    'Has the provider add instances to each region and take them away, as its autoscaler does; without it their number stays.',
  isOn: false,
  settings: {
    min: count(1, 'Fewest instances of a region, and at the start the most of this and what the sizing says.', { max: 100 }),
    max: count(4, 'Most instances of a region; it counts where the minimum is above it.', { max: 100 }),
    metric: choice(
      ['concurrency', 'invocations'],
      'concurrency',
      'What it goes by: predictions that run or wait, by the slots that there are; or requests a second and instance.',
    ),
    utilization: share(0.6, 'Of the slots, the share to have in use, where it goes by concurrency.', { min: 0.01 }),
    targetPerS: perS(50, 'Requests a second and instance, where it goes by invocations.', { min: 0.01 }),
    periodMs: durationMs(1000, 'From one value of the metric to the next.', { min: 60 }),
    metricDelayMs: durationMs(0, 'How late a value is seen.', { min: 0 }),
    scaleOutPeriods: count(
      3,
      'Values in a row above the target that add instances (Azure: their mean; Google adds at the first).',
      { max: 1000 },
    ),
    scaleInPeriods: count(15, 'Values in a row that take some away (Azure: their mean; Google: the highest counts).', {
      max: 1000,
    }),
    scaleOutCooldownMs: durationMs(5000, 'From one addition to the next, at least (not Google).', { min: 0 }),
    scaleInCooldownMs: durationMs(5000, 'From a change to the next that takes instances away, at least (not Google).', {
      min: 0,
    }),
  },
  aliases: { policy: ['autoscaling'], settings: { target: 'utilization' } },
});
