import { availableParallelism, freemem } from 'node:os';
import type { DoctorCheck } from './check.ts';

const MINIMUM_CORES = 2;
/** Five processes with a WebAssembly model each, measured at about 120 MB apiece. */
const MINIMUM_FREE_MB = 800;

export const processorsCheck: DoctorCheck = {
  name: 'Processors and memory',
  async run() {
    const cores = availableParallelism();
    const freeMb = Math.round(freemem() / 2 ** 20);
    const detail = `${cores} cores, ${freeMb} MB free`;
    if (cores < MINIMUM_CORES || freeMb < MINIMUM_FREE_MB) {
      return {
        status: 'warning',
        detail,
        remedy: `Live runs want ${MINIMUM_CORES} cores and ${MINIMUM_FREE_MB} MB; with less, latencies measure the machine.`,
      };
    }
    return { status: 'ok', detail };
  },
};
