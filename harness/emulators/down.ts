import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SquallError } from '../errors.ts';
import { createControlClient, Unreachable } from './control-client.ts';
import { readState, removeFolder, runtimeFolder } from './runtime-folder.ts';

const POLL_MS = 20;
const DOWN_WITHIN_MS = 15_000;

/** Variables of this process that name a file in the folder: Node.js and others complain of one that is gone at each start. */
const variablesInto = (folder: string): readonly string[] =>
  Object.entries(process.env).flatMap(([name, value]) => (value?.startsWith(`${folder}${sep}`) ? [name] : []));

/**
 * Stops the user's emulators, and resolves when nothing is left of them. What a killed process has left behind is removed.
 * @returns variables of this process that name files which are gone
 * @throws {SquallError} `NOT_FOUND` when none are up; `EMULATOR_FAILED` when they don't stop
 */
export const takeDown = async (): Promise<{ readonly staleVariables: readonly string[] }> => {
  const folder = runtimeFolder();
  const state = readState(folder);
  if (!state?.control) throw new Unreachable();
  try {
    await createControlClient(state.control).stop();
  } catch (error) {
    if (error instanceof Unreachable) removeFolder(folder);
    throw error;
  }
  const lateAtMs = performance.now() + DOWN_WITHIN_MS;
  while (existsSync(folder)) {
    if (performance.now() > lateAtMs) {
      throw new SquallError(
        'EMULATOR_FAILED',
        `The emulators' process ${state.pid} has not stopped within ${DOWN_WITHIN_MS / 1000} s.`,
      );
    }
    await sleep(POLL_MS);
  }
  return { staleVariables: variablesInto(folder) };
};
