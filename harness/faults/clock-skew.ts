import { z } from 'zod';
import { duration } from '../scenario/units.ts';
import { isIdentity } from './identity-node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  offset: duration
    .refine((ms) => ms > 0, 'expected more than 0ms')
    .prefault('10m')
    .describe(
      "How far the clocks are apart. AWS takes signatures that are off by 5 minutes, Google's assertions are taken as long.",
    ),
  direction: z
    .enum(['ahead', 'behind'])
    .default('ahead')
    .describe("Whether the provider's clock is ahead of the caller's, which is the same as the caller's being behind."),
});

const skew = (offsetMs: number, direction: 'ahead' | 'behind') => ({
  onStart: [{ type: 'set-clock-offset' as const, offsetMs: direction === 'ahead' ? offsetMs : -offsetMs }],
  onEnd: [{ type: 'set-clock-offset' as const, offsetMs: 0 }],
});

const effect = ({ offset, direction }: z.output<typeof settings>): FaultEffect => ({
  provider: (link) => (isIdentity(link) ? { onStart: [], onEnd: [] } : skew(offset, direction)),
  nodeCommands: (link) => (isIdentity(link) ? skew(offset, direction) : { onStart: [], onEnd: [] }),
});

/** The clocks of caller and provider differ: what is signed now is too old for the other side, or not yet good, and tokens end at another time. */
export const clockSkew = defineFaultKind({
  kind: 'clock-skew',
  summary: "A provider's clock is apart from its callers': signatures and assertions are refused, and tokens end early or late.",
  settings,
  appliesTo: (link) => link.hasClock === true || isIdentity(link),
  explore: { offset: { min: '1m', max: '2h' } },
  live: effect,
  sim: effect,
});
