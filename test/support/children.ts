import { readdirSync, readFileSync } from 'node:fs';

/** Processes whose parent is this one, by command line; Linux only. */
export const childrenOf = (parent = process.pid): readonly { readonly pid: number; readonly commandLine: string }[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // `pid (command) state ppid ...`: the command may hold spaces and brackets, so what counts stands behind the last one.
        const [, ppid] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
        if (Number(ppid) !== parent) return [];
        return [{ pid: Number(name), commandLine: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
      } catch {
        // It has ended between the listing and the reading.
        return [];
      }
    });
