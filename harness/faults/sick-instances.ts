import { z } from 'zod';
import { share } from '../scenario/units.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z
  .strictObject({
    share: share
      .refine((part) => part > 0, 'expected a share above 0%')
      .prefault('30%')
      .describe('Share of the instances that serve when the fault starts, rounded up to whole ones.'),
    errors: share.prefault('100%').describe('Share of the predictions on them that fail, at once.'),
    slowdown: z.number().min(1).max(1000).default(1).describe('Times the service time on them.'),
  })
  .refine(
    ({ errors, slowdown }) => errors > 0 || slowdown > 1,
    'nothing is wrong with them: expected errors above 0%, or a slowdown above 1',
  );

const effect = ({ share: part, errors, slowdown }: z.output<typeof settings>): FaultEffect => ({
  provider: ({ region, service }) => ({
    onStart: [{ type: 'degrade-instances', region, service, share: part, slowdown, errorShare: errors }],
    onEnd: [{ type: 'degrade-instances', region, service, share: 0, slowdown: 1, errorShare: 0 }],
  }),
});

/** Some instances behind an endpoint are not well, and nobody has noticed: whoever looks at the endpoint sees their part of it. */
export const sickInstances = defineFaultKind({
  kind: 'sick-instances',
  summary:
    'Some of the instances behind an endpoint are slow, or fail at once and so attract requests, while the others are well.',
  settings,
  // The endpoints of a scenario: those of an open cloud have no instances to tell apart.
  appliesTo: ({ hasSpotInstances }) => hasSpotInstances === 'by-design',
  isAskedFor: true,
  live: effect,
  sim: effect,
});
