import { z } from 'zod';
import { duration } from '../scenario/units.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';
import { refuseUnused } from './unused-settings.ts';

/** As long as glibc waits for one name server: twice 5 s, by resolv.conf(5), `timeout` and `attempts`; read November 2026. */
const GIVE_UP_AFTER_MS = 10_000;

const settings = z
  .strictObject({
    mode: z
      .enum(['not-found', 'no-answer'])
      .default('not-found')
      .describe('What a look-up meets: the answer that there is no such name (ENOTFOUND), or no answer at all (EAI_AGAIN).'),
    giveUpAfter: duration
      .refine((ms) => ms > 0, 'expected a duration above 0')
      .optional()
      .describe(
        `Mode no-answer: how long a look-up waits until it fails; it asks again after half of it. ${GIVE_UP_AFTER_MS / 1000}s when left out.`,
      ),
  })
  .superRefine(refuseUnused('mode', { giveUpAfter: ['no-answer'] }));

const effect = ({ mode, giveUpAfter = GIVE_UP_AFTER_MS }: z.output<typeof settings>): FaultEffect => ({
  name: () => (mode === 'not-found' ? { type: mode } : { type: mode, giveUpAfterMs: giveUpAfter }),
});

/** The names of a provider's endpoints can't be looked up, as after a bad change of a zone or when the resolver is gone. */
export const dnsFailure = defineFaultKind({
  kind: 'dns-failure',
  summary: "The endpoints' names can't be looked up: open connections go on, new ones can't be made.",
  settings,
  appliesTo: ({ role }) => role !== 'instances' && role !== 'process',
  live: effect,
  sim: effect,
});
