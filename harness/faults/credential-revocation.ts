import { z } from 'zod';
import type { ControlCommand } from '../../mocks/control.ts';
import { duration } from '../scenario/units.ts';
import type { ServiceLink } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';
import { refuseUnused } from './unused-settings.ts';

/** Fallback of the setting that only one mode reads. */
const FALLBACK = { replacementAfter: '1s' } as const;

const settings = z
  .strictObject({
    mode: z
      .enum(['revoked-key', 'expired-token', 'token-endpoint-down'])
      .default('revoked-key')
      .describe(
        'The long-lived credential is revoked with all that was issued from it; or all issued tokens expire at once; or they expire while no new ones can be had.',
      ),
    replacementAfter: z
      .union([duration, z.literal('never').transform(() => null)], {
        error: ({ input }) => `expected a duration with its unit, such as 2s, or never, got ${JSON.stringify(input)}`,
      })
      .optional()
      .describe(
        `Mode revoked-key: when the new credential is in the secret store, never means not before the fault ends; ${FALLBACK.replacementAfter} when left out.`,
      ),
  })
  .superRefine(refuseUnused('mode', { replacementAfter: ['revoked-key'] }));

type Settings = z.output<typeof settings>;

/** Links that a mode acts through. All are without regions: a credential belongs to a provider as a whole. */
const actsOn: Readonly<Record<Settings['mode'], readonly ServiceLink['role'][]>> = {
  'revoked-key': ['secret', 'token'],
  'expired-token': ['secret', 'token'],
  'token-endpoint-down': ['token'],
};

const effect = ({ mode, replacementAfter }: Settings): FaultEffect => {
  const replacementAfterMs = replacementAfter === undefined ? duration.parse(FALLBACK.replacementAfter) : replacementAfter;
  const expire: ControlCommand = { type: 'expire-tokens' };
  const commands: Readonly<Record<Settings['mode'], { onStart: readonly ControlCommand[]; onEnd: readonly ControlCommand[] }>> = {
    'revoked-key': {
      onStart: [{ type: 'revoke-credential', replacementAfterMs }],
      onEnd: replacementAfterMs === null ? [{ type: 'revoke-credential', replacementAfterMs: 0 }] : [],
    },
    'expired-token': { onStart: [expire], onEnd: [] },
    // Tokens last an hour: without this, those that the system under test holds would hide the outage.
    'token-endpoint-down': { onStart: [expire], onEnd: [] },
  };
  return {
    provider: (link) => (actsOn[mode].includes(link.role) ? commands[mode] : { onStart: [], onEnd: [] }),
    ...(mode === 'token-endpoint-down'
      ? { connection: (link) => (actsOn[mode].includes(link.role) ? 'refuse' : undefined) }
      : {}),
  };
};

/** The workload's identity at a provider stops being good. */
export const credentialRevocation = defineFaultKind({
  kind: 'credential-revocation',
  summary:
    "The workload's credential at a provider is revoked, its tokens expire, or the token endpoint is down. Acts on the whole provider.",
  settings,
  explore: { replacementAfter: { min: '100ms', max: '2s' } },
  appliesTo: ({ role }) => role === 'secret' || role === 'token',
  live: effect,
  sim: effect,
});
