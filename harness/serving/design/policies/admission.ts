import { choice, count, durationMs, flag } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const admission = definePolicy({
  summary:
    'Takes up no more requests than can be served in time, the most critical first and each tenant its share; the others are refused at once.',
  isOn: false,
  settings: {
    limit: choice(
      ['adaptive', 'fixed'],
      'adaptive',
      'How many requests may be under way: what the usable links get done without a queue, found out by their latency; or maxInFlight.',
    ),
    maxInFlight: count(
      1000,
      'Requests under way: the limit itself when it is fixed, the most that each link may get when it is adaptive.',
    ),
    queueTargetMs: durationMs(50, 'What queueing at a provider may add to an answer before the adaptive limit falls.'),
    queueLimit: count(100, 'Requests that wait to be taken up; one more, and the least important is refused.', { min: 0 }),
    maxWaitMs: durationMs(200, 'Longest that one waits.'),
    standingWaitMs: durationMs(50, 'Longest that one waits which came when some had been waiting for maxWait without a break.'),
    order: choice(
      ['adaptive', 'oldest', 'newest'],
      'adaptive',
      'Which of equals is next: the oldest, the newest, or the oldest until some have been waiting for maxWait without a break.',
    ),
    byPriority: flag(true, 'Critical requests are taken up before others, sheddable ones after.'),
    byTenant: flag(
      true,
      'Of equal priority, the tenant with the fewest requests under way is next, and the one with the most is refused first.',
    ),
    retryAfterMs: durationMs(1000, 'What a refused caller is told to wait, rounded up to seconds.'),
  },
  aliases: { policy: ['shedding'] },
});
