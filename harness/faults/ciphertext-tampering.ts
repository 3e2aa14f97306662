import { z } from 'zod';
import { defineFaultKind, type FaultEffect } from './kind.ts';
import { isRegistry } from './registry-node.ts';

const effect: FaultEffect = { nodeCommands: () => ({ onStart: [{ type: 'tamper-artifacts' }], onEnd: [] }) };

/** Somebody has a replica's disk: digests say nothing against him, for he writes them too. */
export const ciphertextTampering = defineFaultKind({
  kind: 'ciphertext-tampering',
  summary:
    'Whoever has the disk of a replica of the model registry changes every artifact on it at its start, and the digests that they are known by; encrypted or not. It stays so.',
  settings: z.strictObject({}),
  appliesTo: isRegistry,
  live: () => effect,
  sim: () => effect,
});
