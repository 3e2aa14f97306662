import { z } from 'zod';
import { clientOf, isIdentity, tenantSetting } from './identity-node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  tenant: tenantSetting,
  what: z
    .enum(['privileges', 'client'])
    .default('privileges')
    .describe(
      'What is taken. privileges: the caller is known, and may do nothing; client: it is known no longer, and gets no tokens either.',
    ),
});

type Settings = z.output<typeof settings>;

const effect = (given: Settings): FaultEffect => ({
  nodeCommands() {
    const client = clientOf(given);
    return given.what === 'client'
      ? { onStart: [{ type: 'disable-client', client }], onEnd: [{ type: 'enable-client', client }] }
      : { onStart: [{ type: 'revoke-scopes', client }], onEnd: [{ type: 'restore-scopes', client }] };
  },
});

/** A caller may no longer, in the middle of its work. */
export const privilegeRevocation = defineFaultKind({
  kind: 'privilege-revocation',
  summary:
    "A caller's privileges are taken at the issuer, stack/us-east/identity, when the fault starts, and given back at its end; its tokens say otherwise until they expire.",
  settings,
  appliesTo: isIdentity,
  isAskedFor: true,
  live: effect,
  sim: effect,
});
