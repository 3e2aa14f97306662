import { z } from 'zod';
import { hasKeys } from './key-service.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const effect: FaultEffect = {
  provider({ region, service }) {
    const command = { type: 'set-key-enabled', region, service } as const;
    return { onStart: [{ ...command, isEnabled: false }], onEnd: [{ ...command, isEnabled: true }] };
  },
};

/** Somebody shuts off what is encrypted, at once and without touching it. */
export const keyDisabled = defineFaultKind({
  kind: 'key-disabled',
  summary: 'The keys of a key service are disabled while it lasts: it refuses to wrap and unwrap data keys, in its own words.',
  settings: z.strictObject({}),
  appliesTo: hasKeys,
  live: () => effect,
  sim: () => effect,
});
