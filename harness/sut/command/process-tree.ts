import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** By which the processes of a command are known wherever they have gone: each inherits it. */
export const MARKER = 'SQUALL_SUT_ID';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
};

/** A zombie has ended; only its parent has not looked yet. */
const isZombie = (pid: number): boolean => {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Processes with the mark in their environment, on Linux: those too that made a group or a session of their own. */
const marked = (id: string): readonly number[] => {
  const mark = `${MARKER}=${id}`;
  const pids = ((): readonly string[] => {
    try {
      return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
  })();
  return pids.map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark) && !isZombie(pid);
    } catch {
      // Another user's, or gone.
      return false;
    }
  });
};

const GONE_LOOK_MS = 20;
/** The kernel takes a moment to take a killed process away. */
const KILLED_WITHIN_MS = 2_000;

const untilGone = async (left: () => boolean, withinMs: number): Promise<boolean> => {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs; ) {
    if (!left()) return true;
    await pause(GONE_LOOK_MS);
  }
  return !left();
};

/**
 * Ends a group of processes and all that came from it: asks, and after the grace makes it.
 * @param pid leader of the group
 * @param id what its processes are marked with
 */
export const endProcessTree = async (pid: number, id: string, graceMs: number): Promise<void> => {
  const isLeft = () => (isRunning(-pid) && !isZombie(pid)) || marked(id).length > 0;
  signalTo(-pid, 'SIGTERM');
  for (const stray of marked(id)) signalTo(stray, 'SIGTERM');
  if (await untilGone(isLeft, graceMs)) return;
  await untilGone(() => {
    // Again at each look: what a dying process starts is killed too.
    signalTo(-pid, 'SIGKILL');
    for (const stray of marked(id)) signalTo(stray, 'SIGKILL');
    return isLeft();
  }, KILLED_WITHIN_MS);
};
