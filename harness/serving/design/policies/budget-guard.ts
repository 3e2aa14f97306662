import { durationMs, number, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const budgetGuard = definePolicy({
  summary: 'Keeps what links cost within a budget: cheaper links as it nears, then degraded answers, then none.',
  isOn: false,
  settings: {
    maxUsdPerHour: number(10, 'The budget, US dollars an hour, instances that stand there included.', { min: 1e-9, max: 1e9 }),
    burstMs: durationMs(
      5000,
      'So much of the budget may be spent at once: the room. Spending never is further ahead of the budget.',
    ),
    refreshMs: durationMs(1000, 'From one look at a price to the next.'),
    frugalBelow: share(0.6, 'With less of the room left, cheaper links come first, and nothing is hedged.'),
    sheddableBelow: share(0.4, 'With less left, sheddable requests are answered degraded, or not.'),
    keptForCritical: share(0.1, 'The last part of the room, for critical requests alone.', { max: 0.9 }),
  },
});
