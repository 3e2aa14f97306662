import { z } from 'zod';
import { duration } from '../scenario/units.ts';
import { clientOf, isIdentity, tenantSetting } from './identity-node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  tenant: tenantSetting,
  detectedAfter: duration
    .prefault('5s')
    .describe(
      'When the theft is known, and the issuer revokes all tokens that the caller has got until then; the caller gets another at once.',
    ),
});

type Settings = z.output<typeof settings>;

const effect = (given: Settings): FaultEffect => ({
  nodeCommands: () => ({
    onStart: [{ type: 'revoke-tokens', client: clientOf(given), afterMs: given.detectedAfter }],
    onEnd: [],
  }),
});

/** Somebody has a token that is another's, and uses it. */
export const tokenTheft = defineFaultKind({
  kind: 'token-theft',
  summary:
    'Somebody steals the token that a caller has when the fault starts, and sends requests with it until its end; the target is the issuer, stack/us-east/identity.',
  settings,
  appliesTo: isIdentity,
  isAskedFor: true,
  live: effect,
  sim: effect,
});
