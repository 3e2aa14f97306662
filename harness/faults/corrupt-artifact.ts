import { z } from 'zod';
import type { RegistryCommand } from '../serving/registry/node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';
import { isRegistry } from './registry-node.ts';

const settings = z.strictObject({
  mode: z
    .enum(['flip', 'erase'])
    .default('flip')
    .describe(
      'What the disk does: flips bits in the middle of every artifact that it has at the start and that is written while the fault lasts, so that a model loads and predicts wrongly; or loses all of it at the start, the list of versions as well.',
    ),
});

type Settings = z.output<typeof settings>;

type Commands = readonly (RegistryCommand & Readonly<Record<string, unknown>>)[];

const COMMANDS: Readonly<Record<Settings['mode'], { readonly onStart: Commands; readonly onEnd: Commands }>> = {
  flip: { onStart: [{ type: 'corrupt-artifacts', isOn: true }], onEnd: [{ type: 'corrupt-artifacts', isOn: false }] },
  erase: { onStart: [{ type: 'erase' }], onEnd: [] },
};

const effect = ({ mode }: Settings): FaultEffect => ({ nodeCommands: () => COMMANDS[mode] });

/** A replica's disk goes bad; what it has spoilt stays so until the registry repairs it. */
export const corruptArtifact = defineFaultKind({
  kind: 'corrupt-artifact',
  summary:
    'The disk of a replica of the model registry corrupts or loses what is stored on it; that stays so until it is repaired.',
  settings,
  appliesTo: isRegistry,
  live: effect,
  sim: effect,
});
