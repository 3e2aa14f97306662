import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Runs a task while this process, and whatever it starts meanwhile, has these cores. Linux only: elsewhere the system decides. */
export const onCores = async <Result>(cores: string, task: () => Promise<Result>): Promise<Result> => {
  pinSelf(cores);
  try {
    return await task();
  } finally {
    pinSelf(ALL);
  }
};

const ALL = `0-${availableParallelism() - 1}`;

/** Gateways have the first core to themselves; the emulator and the load share the rest. With one core there is nothing to share out. */
export const cores = availableParallelism() > 1 ? { gateways: '0', others: `1-${availableParallelism() - 1}` } : null;

/** Keeps this process on these cores, all its threads too; its children begin with them. */
export const pinSelf = (list: string): void => {
  if (process.platform === 'linux') spawnSync('taskset', ['-a', '-p', '-c', list, String(process.pid)]);
};
