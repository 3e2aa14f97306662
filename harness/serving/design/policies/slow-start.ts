import { durationMs, number, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

// The formula and its defaults are Envoy's: "Slow start mode", architecture overview; read November 2026. The window has none there.
export const slowStart = definePolicy({
  summary: 'Gives a link that has come back a growing share of its requests, not all of them at once.',
  isOn: false,
  settings: {
    windowMs: durationMs(10_000, 'Until it has all of them.'),
    minShare: share(0.1, 'What it has at first.'),
    aggression: number(
      1,
      'The share is the elapsed part of the window to the power of 1 / aggression: 1 is a straight line, more is faster.',
      {
        min: 0.1,
        max: 10,
      },
    ),
  },
});
