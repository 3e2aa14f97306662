import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Runnable processes, mean over the last minute. */
  readonly loadAverage: number;
}

/** Linux only: "AMD EPYC" says little, family and model tell which. */
const linuxModel = (): string => {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1];
    const [family, model, mhz] = [field('cpu family'), field('model'), field('cpu MHz')];
    return family && model ? ` (family ${family}, model ${model}, ${Math.round(Number(mhz))} MHz)` : '';
  } catch {
    return '';
  }
};

export const describeMachine = (): Machine => ({
  processor: `${cpus()[0]?.model.trim() ?? 'unknown'}${linuxModel()}`,
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: `${type()} ${release()}`,
  node: process.version,
  loadAverage: loadavg()[0]!,
});

/** One line, for the head of a bench's output. */
export const machineLine = ({ processor, cores, memoryGiB, kernel, node, loadAverage }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, Node ${node}, load average ${loadAverage.toFixed(2)}`;
