import { z } from 'zod';
import { isIdentity, tenantSetting } from './identity-node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

/** The issuer hears nothing of it. */
const NOTHING: FaultEffect = { nodeCommands: () => ({ onStart: [], onEnd: [] }) };

/** A caller asks the stack to do with the stack's own rights what the caller may not. */
export const confusedDeputy = defineFaultKind({
  kind: 'confused-deputy',
  summary:
    'A caller that is known asks in the name of another tenant, and for a model that it may not use; the target is the issuer, stack/us-east/identity.',
  settings: z.strictObject({ tenant: tenantSetting }),
  appliesTo: isIdentity,
  isAskedFor: true,
  // What is done is done by the load's intruder: harness/identity/intrusions.ts.
  live: () => NOTHING,
  sim: () => NOTHING,
});
