import { z } from 'zod';
import { hasKeys } from './key-service.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const effect: FaultEffect = {
  provider: ({ region, service }) => ({ onStart: [{ type: 'rotate-keys', region, service }], onEnd: [] }),
};

/** No fault of anybody's: keys are rotated, and nobody who reads by the old ones is to notice. */
export const keyRotation = defineFaultKind({
  kind: 'key-rotation',
  summary:
    'The keys of a key service are rotated at its start: data keys are wrapped by a new version from then on, and those of before by the one that wrapped them.',
  settings: z.strictObject({}),
  appliesTo: hasKeys,
  live: () => effect,
  sim: () => effect,
});
