import { z } from 'zod';
import type { RegistryCommand } from '../serving/registry/node.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';
import { isRegistry } from './registry-node.ts';

const settings = z.strictObject({
  mode: z
    .enum(['flip', 'erase'])
    .default('flip')
    .describe(
      'What befalls what the replica has stored at the start: bits flip in the middle of every artifact, so that a model loads and predicts wrongly; or all of it is gone, the list of versions as well.',
    ),
});

type Settings = z.output<typeof settings>;

const COMMANDS: Readonly<Record<Settings['mode'], RegistryCommand & Readonly<Record<string, unknown>>>> = {
  flip: { type: 'corrupt-artifacts' },
  erase: { type: 'erase' },
};

const effect = ({ mode }: Settings): FaultEffect => ({
  nodeCommands: () => ({ onStart: [COMMANDS[mode]], onEnd: [] }),
});

/** A replica's disk goes bad once, when the fault starts; what is bad stays so until the registry repairs it. */
export const corruptArtifact = defineFaultKind({
  kind: 'corrupt-artifact',
  summary:
    'What a replica of the model registry has stored is corrupted or lost at the start, and stays so until it is repaired.',
  settings,
  appliesTo: isRegistry,
  live: effect,
  sim: effect,
});
