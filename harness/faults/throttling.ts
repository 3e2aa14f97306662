import { z } from 'zod';
import { rate } from '../scenario/units.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  requestsPerS: rate
    .refine((perS) => perS > 0, 'expected a rate above 0; a region that takes nothing is a region-outage')
    .prefault('5/s')
    .describe("Requests a second that each matching endpoint still takes; it throttles the rest with the provider's own error."),
});

const effect = ({ requestsPerS }: z.output<typeof settings>): FaultEffect => ({
  provider: ({ region, service }) => ({
    onStart: [{ type: 'set-quota', region, service, requestsPerS }],
    onEnd: [{ type: 'set-quota', region, service, requestsPerS: null }],
  }),
});

/** The provider takes fewer requests than it is sent. */
export const throttling = defineFaultKind({
  kind: 'throttling',
  summary: 'The provider lowers the request quota and throttles what is above it.',
  settings,
  explore: { requestsPerS: { min: 1, max: 50 } },
  live: effect,
  sim: effect,
});
