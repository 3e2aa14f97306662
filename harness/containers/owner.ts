import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Labels of all that squall starts on a container engine. */
export const labels = {
  /** The command that owns it. */
  run: 'squall.run',
  /** Its process, when that began, and where the process id means anything. */
  pid: 'squall.pid',
  started: 'squall.started',
  host: 'squall.host',
  /**
   * All of these in one, for images that are built: the engine's classic builder makes a layer of each label of its own, which would be left when the image
   * is removed.
   */
  image: 'squall.image',
} as const;

/** The label of an image that is built for the owner of these labels. */
export const imageLabel = (owner: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  [labels.image]: new URLSearchParams(owner).toString(),
});

/** The labels of the owner for whom an image was built. */
export const ownerOfImage = (image: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(image[labels.image] ?? ''));

/** Who owns containers, networks and images, as it stands in their labels. */
export interface Owner {
  readonly runId: string;
  readonly labels: Readonly<Record<string, string>>;
}

const read = (what: () => string): string | undefined => {
  try {
    return what().trim();
  } catch {
    return undefined;
  }
};

/** When a process began, in a form that no other process of that id shares; `undefined` when there is none. */
export const startOfProcess = (pid: number): string | undefined => {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // `pid (command) state ppid ...`: the command may hold spaces and brackets. Field 22 is the start, in ticks since boot (proc(5)).
  if (stat)
    return `${read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))}/${stat.split(') ').at(-1)!.split(' ')[19]}`;
  if (process.platform === 'linux') return undefined;
  return read(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
};

/** Process ids mean something on one machine, and there in one namespace: an engine may be shared with containers that run squall. */
export const hostIdentity = (): string => [hostname(), read(() => readlinkSync('/proc/self/ns/pid'))].filter(Boolean).join('/');

/** This process as an owner, with a fresh run id. */
export const createOwner = (): Owner => {
  const runId = randomUUID();
  return {
    runId,
    labels: {
      [labels.run]: runId,
      [labels.pid]: String(process.pid),
      [labels.started]: startOfProcess(process.pid) ?? '',
      [labels.host]: hostIdentity(),
    },
  };
};

/** Whether what bears these labels has an owner that is gone; `false` where that can't be told from here. */
export const isOrphan = (found: Readonly<Record<string, string>>): boolean => {
  const pid = Number(found[labels.pid]);
  if (!found[labels.run] || !Number.isSafeInteger(pid) || pid <= 0 || found[labels.host] !== hostIdentity()) return false;
  return startOfProcess(pid) !== found[labels.started];
};
