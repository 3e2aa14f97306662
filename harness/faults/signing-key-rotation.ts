import { z } from 'zod';
import { isIdentity } from './identity-node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  retire: z
    .boolean()
    .default(false)
    .describe(
      'Whether the former key is good no longer from then on, as one that leaked; else until its last token has expired.',
    ),
});

const effect = ({ retire }: z.output<typeof settings>): FaultEffect => ({
  nodeCommands: () => ({ onStart: [{ type: 'rotate', retire }], onEnd: [] }),
});

/** The issuer signs with its next key. */
export const signingKeyRotation = defineFaultKind({
  kind: 'signing-key-rotation',
  summary:
    "The issuer of the stack's tokens, stack/us-east/identity, signs with its next key from the start on; the one after it is published then.",
  settings,
  appliesTo: isIdentity,
  isAskedFor: true,
  live: effect,
  sim: effect,
});
