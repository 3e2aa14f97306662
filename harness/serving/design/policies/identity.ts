import { durationMs, flag } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const identity = definePolicy({
  summary:
    "Verifies who makes each request, by whatever door it comes, and whether it may: access tokens of the stack's own issuer, and policies of Cedar.",
  settings: {
    leewayMs: durationMs(
      5000,
      'How far apart the clocks of issuer and stack may be: so much longer, and earlier, a token is taken.',
      {
        min: 0,
      },
    ),
    keysRefreshMs: durationMs(10_000, "How old the issuer's keys are when they are fetched anew, ahead of need."),
    keysMaxAgeMs: durationMs(
      300_000,
      'Keys that are older verify nothing: how long the stack does without the endpoint of the keys.',
    ),
    keysCooldownMs: durationMs(1000, 'Keys are fetched no more often, however many tokens name one that is not known.'),
    revocationBoundMs: durationMs(
      2000,
      'How old it may be what the issuer said of a token: how long one that was revoked, or a privilege that was taken, is good at most.',
    ),
    revocationStaleMs: durationMs(
      30_000,
      'The same while the issuer does not answer; after it nobody is let in who cannot be vouched for.',
    ),
    internal: flag(true, 'False trusts whoever reaches the own interfaces of queue, stream and registry.'),
    health: flag(true, 'False tells anybody how the stack is.'),
    beforeDegraded: flag(
      true,
      'False looks at privileges only where a link is to be asked: what a cache or the ladder answers goes to anybody.',
    ),
  },
});
