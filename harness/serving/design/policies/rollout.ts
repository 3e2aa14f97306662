import { choice, count, durationMs, flag, number, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const rollout = definePolicy({
  summary: 'Releases a new version of the model beside the one that serves, and takes it back when it is worse.',
  isOn: false,
  settings: {
    strategy: choice(
      ['canary', 'blue-green'],
      'canary',
      'canary: a growing share of the traffic; blue-green: none while it is tried, then all at once.',
    ),
    startAfterMs: durationMs(10_000, 'From the start of the stack until the release begins.', { min: 0 }),
    share: share(0.1, 'canary: share of the attempts that the new version gets first.', { min: 0.001 }),
    stepMs: durationMs(3000, 'From one step to the next: each doubles the share, after blue-green has been tried for one.'),
    rollback: flag(true, 'Takes it back by itself. False watches nothing.'),
    windowMs: durationMs(5000, 'What the comparison looks back on.'),
    minAttempts: count(10, 'Attempts of the window without which latency and errors are not judged.'),
    maxFailureShare: share(0.1, 'Failed attempts of the window from which on it is taken back.'),
    maxSlowdown: number(2, 'Times the mean latency of the version that serves from which on it is taken back.', {
      min: 1,
      max: 100,
    }),
    minAccuracy: share(0.85, 'Share of the labelled samples that it has to predict right.'),
    probeIntervalMs: durationMs(500, 'From one try of labelled samples to the next.'),
  },
});
