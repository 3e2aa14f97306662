import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SquallError } from '../errors.ts';

/** What the emulators that are up leave for other commands of the same user. The token is secret. */
const stateSchema = z.object({
  pid: z.number().int().positive(),
  /** Null while they are being put up. */
  control: z.object({ url: z.string(), token: z.string() }).nullable(),
});

export type UpState = z.output<typeof stateSchema>;

const STATE_FILE = 'up.json';

/** The user's own folder for what lives no longer than its processes, where the system has one. */
export const runtimeFolder = (): string => join(process.env.XDG_RUNTIME_DIR || tmpdir(), `squall-${userInfo().username}`);

/** A folder of that name that others can write to, or that is theirs, could make commands talk to a stranger. */
const checkOwner = (folder: string): void => {
  const found = lstatSync(folder);
  const uid = process.getuid?.();
  if (uid === undefined) return;
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  throw new SquallError(
    'BAD_FLAG',
    `${folder} is not a folder that only you can use; squall keeps the emulators' keys there.`,
    'Remove it, or name another place in XDG_RUNTIME_DIR.',
  );
};

/** What was left by the emulators that are up; `undefined` when none are. */
export const readState = (folder: string): UpState | undefined => {
  try {
    checkOwner(folder);
    return stateSchema.parse(JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')));
  } catch (error) {
    if (error instanceof SquallError) throw error;
    return undefined;
  }
};

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

const writeState = (folder: string, state: UpState): void => {
  const fresh = join(folder, `${STATE_FILE}.${process.pid}`);
  writeFileSync(fresh, JSON.stringify(state), { mode: 0o600 });
  renameSync(fresh, join(folder, STATE_FILE));
};

/** The runtime folder, while it is this process's. */
export interface Claim {
  readonly folder: string;
  /** Tells other commands where to reach the emulators. */
  publish(control: NonNullable<UpState['control']>): void;
  release(): void;
}

/**
 * Makes the folder this process's, which one can do at a time.
 * @returns `undefined` when another process has it
 */
export const claimFolder = (folder: string): Claim | undefined => {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    throw new SquallError(
      'BAD_FLAG',
      `The folder ${folder} can't be made: ${message}.`,
      'Name another place in XDG_RUNTIME_DIR.',
    );
  }
  writeState(folder, { pid: process.pid, control: null });
  return {
    folder,
    publish: (control) => writeState(folder, { pid: process.pid, control }),
    release: () => removeFolder(folder),
  };
};
